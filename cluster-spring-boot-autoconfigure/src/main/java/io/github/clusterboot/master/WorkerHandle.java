package io.github.clusterboot.master;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Future;

import io.github.clusterboot.ClusterView;
import io.github.clusterboot.ExitReason;
import io.github.clusterboot.WorkerIdentity;
import io.github.clusterboot.WorkerState;
import io.github.clusterboot.ipc.Scoreboard;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/**
 * The master's view of a worker. Owns the worker's process and control channel. Used on
 * the event loop only.
 */
final class WorkerHandle {

	/**
	 * 128 + the number of {@code SIGTERM}, as {@link Process#exitValue()} tells it.
	 */
	private static final int EXIT_CODE_TERMINATED = 143;

	private final WorkerIdentity identity;

	private final Process process;

	private final WorkerOutput output;

	private final Scoreboard.Slot slot;

	private final long lastEvent;

	private final Instant startTime = Instant.now().truncatedTo(ChronoUnit.MILLIS);

	private final long startNanos = System.nanoTime();

	private WorkerState state = WorkerState.STARTING;

	private @Nullable Instant readyTime;

	private long readyNanos;

	private boolean listening;

	private boolean leaving;

	private @Nullable ExitReason drainReason;

	private @Nullable ExitReason killReason;

	private @Nullable ControlChannel control;

	private @Nullable Future<?> deadline;

	/**
	 * Create the handle of a process that has just been started.
	 * @param identity which worker it is
	 * @param process the process
	 * @param output the process's output
	 * @param slot the worker's figures
	 * @param lastEvent the last event before the worker's own first
	 */
	WorkerHandle(WorkerIdentity identity, Process process, WorkerOutput output, Scoreboard.Slot slot, long lastEvent) {
		this.identity = identity;
		this.process = process;
		this.output = output;
		this.slot = slot;
		this.lastEvent = lastEvent;
	}

	WorkerIdentity identity() {
		return this.identity;
	}

	Process process() {
		return this.process;
	}

	WorkerOutput output() {
		return this.output;
	}

	Scoreboard.Slot slot() {
		return this.slot;
	}

	WorkerState state() {
		return this.state;
	}

	void state(WorkerState state) {
		if (state == WorkerState.READY && this.readyTime == null) {
			this.readyTime = Instant.now().truncatedTo(ChronoUnit.MILLIS);
			this.readyNanos = System.nanoTime();
		}
		this.state = state;
	}

	boolean isReady() {
		return this.state == WorkerState.READY;
	}

	/**
	 * Return whether nobody has asked the worker to end. One that leaves by itself is
	 * replaced when it has ended, since only its exit code tells why.
	 * @return whether it counts for the size of the cluster
	 */
	boolean isStaying() {
		return this.drainReason == null && this.state != WorkerState.STOPPED;
	}

	boolean isKilled() {
		return this.killReason != null;
	}

	boolean hasBeenReady() {
		return this.readyTime != null;
	}

	/**
	 * Return how long it took from the start until the worker was ready.
	 * @return the time
	 */
	Duration timeToReady() {
		return Duration.ofNanos(this.readyNanos - this.startNanos);
	}

	/**
	 * Return how long ago the worker was ready for the first time.
	 * @return the time, or 0 if it has never been ready
	 */
	Duration timeSinceReady() {
		return hasBeenReady() ? Duration.ofNanos(System.nanoTime() - this.readyNanos) : Duration.ZERO;
	}

	/**
	 * Note that the worker listens.
	 * @return whether it does so for the first time
	 */
	boolean listens() {
		boolean first = !this.listening;
		this.listening = true;
		return first;
	}

	/**
	 * Note why the worker is asked to end. The first reason stays.
	 * @param reason the reason
	 */
	void drainFor(ExitReason reason) {
		if (this.drainReason == null) {
			this.drainReason = reason;
		}
	}

	/**
	 * Note whether the worker is going to end without having been asked.
	 * @param leaving whether it is
	 */
	void leaves(boolean leaving) {
		this.leaving = leaving;
	}

	/**
	 * Kill the worker.
	 * @param reason why
	 */
	void killFor(ExitReason reason) {
		this.killReason = reason;
		// unlike Process, its handle leaves the worker's output open
		this.process.toHandle().destroyForcibly();
	}

	/**
	 * Return why the worker's process has ended.
	 * @param exitCode the process's exit code
	 * @return the reason
	 */
	ExitReason exitReason(int exitCode) {
		if (this.killReason != null) {
			return this.killReason;
		}
		if (this.drainReason != null) {
			return this.drainReason;
		}
		if (!hasBeenReady()) {
			return ExitReason.START_FAILED;
		}
		return (exitCode == EXIT_CODE_TERMINATED || hasChosenToEnd(exitCode)) ? ExitReason.REQUESTED
				: ExitReason.CRASHED;
	}

	/**
	 * Return whether the application has ended in good order, without anybody outside it
	 * having asked: it has closed its context and left with exit code 0.
	 * @param exitCode the process's exit code
	 * @return whether that was the application's own choice
	 */
	boolean hasChosenToEnd(int exitCode) {
		return this.leaving && this.drainReason == null && this.killReason == null && exitCode == 0;
	}

	/**
	 * Set what happens if the worker does not get on. Replaces the deadline before.
	 * @param deadline the timer, or {@code null} for none
	 */
	void deadline(@Nullable Future<?> deadline) {
		if (this.deadline != null) {
			this.deadline.cancel(false);
		}
		this.deadline = deadline;
	}

	/**
	 * Begin to talk to the worker.
	 * @param channel the channel that the worker has opened
	 * @return the control channel
	 */
	ControlChannel connected(Channel channel) {
		this.control = new ControlChannel(this.identity, channel, this.lastEvent);
		return this.control;
	}

	/**
	 * Return the control channel.
	 * @return the channel, or {@code null} where there is none yet or any more
	 */
	@Nullable ControlChannel control() {
		return this.control;
	}

	/**
	 * Forget the control channel if it is this one.
	 * @param channel a channel that has been closed
	 * @return whether it was the worker's
	 */
	boolean disconnected(Channel channel) {
		if (this.control == null || this.control.channel() != channel) {
			return false;
		}
		this.control = null;
		return true;
	}

	ClusterView.Worker view() {
		long taken = this.slot.connectionsTaken();
		long begun = this.slot.requestsBegun();
		long heartbeat = this.slot.heartbeat();
		return new ClusterView.Worker(this.identity.id(), this.identity.index(), this.identity.pid(),
				this.identity.generation(), this.state, this.startTime, this.readyTime,
				new ClusterView.Counts(Math.max(0, taken - this.slot.connectionsClosed()), taken),
				new ClusterView.Counts(Math.max(0, begun - this.slot.requestsCompleted()), begun),
				new ClusterView.Memory(this.slot.resident()),
				(heartbeat != 0) ? Instant.ofEpochMilli(heartbeat) : null);
	}

	@Override
	public String toString() {
		return this.identity.toString();
	}

}
