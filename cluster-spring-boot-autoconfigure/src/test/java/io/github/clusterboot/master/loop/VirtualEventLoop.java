package io.github.clusterboot.master.loop;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoRegistration;
import io.netty.util.concurrent.AbstractScheduledEventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.ScheduledFuture;
import io.netty.util.concurrent.Ticker;
import org.jspecify.annotations.Nullable;

/**
 * An event loop without a thread, whose time passes when it is told to. Nothing can be
 * registered with it unless a test says what comes of it.
 */
public final class VirtualEventLoop extends AbstractScheduledEventExecutor implements IoEventLoop {

	private final MockTicker ticker = Ticker.newMockTicker();

	private final Deque<Runnable> tasks = new ArrayDeque<>();

	private @Nullable Error refusal;

	private @Nullable Error timerRefusal;

	private @Nullable Supplier<Future<IoRegistration>> onRegister;

	/**
	 * Set what comes of a registration from now on.
	 * @param onRegister returns the result
	 */
	public void onRegister(Supplier<Future<IoRegistration>> onRegister) {
		this.onRegister = onRegister;
	}

	@Override
	public Ticker ticker() {
		return this.ticker;
	}

	/**
	 * Have time pass, and run what is due meanwhile at the time at which it is.
	 * @param nanos how much time
	 */
	public void advance(long nanos) {
		long end = this.ticker.nanoTime() + nanos;
		runTasks();
		for (long next = nextScheduledTaskNano(); next >= 0
				&& this.ticker.nanoTime() + next <= end; next = nextScheduledTaskNano()) {
			this.ticker.advance(next, TimeUnit.NANOSECONDS);
			runTasks();
		}
		this.ticker.advance(end - this.ticker.nanoTime(), TimeUnit.NANOSECONDS);
		runTasks();
	}

	/**
	 * Have time pass in which nothing runs. What has become due meanwhile runs with the
	 * next {@link #advance(long)}.
	 * @param nanos how much time
	 */
	public void standStill(long nanos) {
		this.ticker.advance(nanos, TimeUnit.NANOSECONDS);
	}

	private void runTasks() {
		for (Runnable task = nextTask(); task != null; task = nextTask()) {
			task.run();
		}
	}

	private Runnable nextTask() {
		Runnable task = this.tasks.poll();
		return (task != null) ? task : pollScheduledTask(this.ticker.nanoTime());
	}

	/**
	 * Take no task from now on.
	 * @param refusal what is thrown instead, or {@code null} to take tasks again
	 */
	public void refuseTasks(@Nullable Error refusal) {
		this.refusal = refusal;
	}

	/**
	 * Make no timer from now on.
	 * @param refusal what is thrown instead, or {@code null} to make them again
	 */
	public void refuseTimers(@Nullable Error refusal) {
		this.timerRefusal = refusal;
	}

	@Override
	public void execute(Runnable task) {
		if (this.refusal != null) {
			throw this.refusal;
		}
		this.tasks.add(task);
	}

	@Override
	public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
		if (this.refusal != null) {
			throw this.refusal;
		}
		if (this.timerRefusal != null) {
			throw this.timerRefusal;
		}
		return super.schedule(task, delay, unit);
	}

	@Override
	public boolean inEventLoop(Thread thread) {
		return true;
	}

	@Override
	public IoEventLoop next() {
		return this;
	}

	@Override
	public IoEventLoopGroup parent() {
		return this;
	}

	@Override
	public Future<IoRegistration> register(IoHandle handle) {
		if (this.onRegister != null) {
			return this.onRegister.get();
		}
		throw new UnsupportedOperationException("Not needed here");
	}

	@Override
	public ChannelFuture register(Channel channel) {
		throw new UnsupportedOperationException("Not needed here");
	}

	@Override
	@Deprecated
	public ChannelFuture register(ChannelPromise promise) {
		throw new UnsupportedOperationException("Not needed here");
	}

	@Override
	@Deprecated
	public ChannelFuture register(Channel channel, ChannelPromise promise) {
		throw new UnsupportedOperationException("Not needed here");
	}

	@Override
	public boolean isCompatible(Class<? extends IoHandle> type) {
		return false;
	}

	@Override
	public boolean isIoType(Class<? extends IoHandler> type) {
		return false;
	}

	@Override
	public boolean isShuttingDown() {
		return false;
	}

	@Override
	public boolean isShutdown() {
		return false;
	}

	@Override
	public boolean isTerminated() {
		return false;
	}

	@Override
	public boolean awaitTermination(long timeout, TimeUnit unit) {
		return false;
	}

	@Override
	public Future<?> shutdownGracefully(long quietPeriod, long timeout, TimeUnit unit) {
		throw new UnsupportedOperationException("Not needed here");
	}

	@Override
	public Future<?> terminationFuture() {
		throw new UnsupportedOperationException("Not needed here");
	}

	@Override
	@Deprecated
	public void shutdown() {
		throw new UnsupportedOperationException("Not needed here");
	}

}
