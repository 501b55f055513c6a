package io.github.clusterboot.master.loop;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

import io.netty.channel.IoEventLoop;
import io.netty.util.concurrent.Ticker;
import org.apache.commons.logging.Log;
import org.jspecify.annotations.Nullable;

/**
 * The event loop, whose single thread changes the master's state. A task that fails is
 * logged and does not keep others from running.
 * <p>
 * All methods may be called from any thread.
 */
public final class MasterLoop implements Executor, TimeSource {

	private static final Log logger = MasterLog.of(MasterLoop.class);

	private final IoEventLoop loop;

	private final Ticker ticker;

	private final Clock clock;

	public MasterLoop(IoEventLoop loop) {
		this(loop, Ticker.systemTicker(), Clock.systemUTC());
	}

	/**
	 * Create a loop with a time of its own.
	 * @param loop Netty's event loop, which must go by the same ticker
	 * @param ticker tells how much time has passed
	 * @param clock tells the time of day
	 */
	public MasterLoop(IoEventLoop loop, Ticker ticker, Clock clock) {
		this.loop = loop;
		this.ticker = ticker;
		this.clock = clock;
	}

	@Override
	public long nanoTime() {
		return this.ticker.nanoTime();
	}

	@Override
	public Instant now() {
		return this.clock.instant().truncatedTo(ChronoUnit.MILLIS);
	}

	/**
	 * Return Netty's own view of the loop, to register channels and descriptors with.
	 * @return the loop
	 */
	public IoEventLoop io() {
		return this.loop;
	}

	/**
	 * Run a task soon.
	 * @param what the task as a verb and its object, for the log
	 * @param task the task
	 */
	public void execute(String what, Steps.Step task) {
		this.loop.execute(() -> Steps.take(what, task));
	}

	@Override
	public void execute(Runnable task) {
		execute("run a task of the master", task::run);
	}

	/**
	 * Run a task later.
	 * @param what the task as a verb and its object, for the log
	 * @param task the task
	 * @param delay how much later
	 * @return the timer, which may be cancelled; {@code null} if the loop has ended
	 */
	public @Nullable Future<?> schedule(String what, Steps.Step task, Duration delay) {
		try {
			return this.loop.schedule(() -> {
				Steps.take(what, task);
			}, delay.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (RejectedExecutionException ex) {
			logger.debug("Too late to " + what, ex);
			return null;
		}
	}

	/**
	 * Run a task again and again.
	 * @param what the task as a verb and its object, for the log
	 * @param task the task
	 * @param interval the time between two runs
	 */
	public void repeat(String what, Steps.Step task, Duration interval) {
		this.loop.scheduleAtFixedRate(() -> {
			Steps.take(what, task);
		}, interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
	}

}
