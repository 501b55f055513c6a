package io.github.clusterboot.master;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.Future;

import io.github.clusterboot.ClusterView;
import io.github.clusterboot.ExitReason;
import io.github.clusterboot.WorkerIdentity;
import io.github.clusterboot.WorkerState;
import io.github.clusterboot.ipc.ScoreboardSlot;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/**
 * The master's view of a worker. Owns the worker's process and control channel. Used on
 * the event loop only.
 */
final class WorkerHandle {

	private final WorkerIdentity identity;

	private final WorkerProcess process;

	private final ScoreboardSlot slot;

	private final long lastEvent;

	private final Retirement retirement = new Retirement();

	private final Ending ending = new Ending();

	private final Heart heart;

	private WorkerState state = WorkerState.STARTING;

	private final Readiness readiness = new Readiness();

	private boolean listening;

	private boolean hung;

	private @Nullable String startFailure;

	private @Nullable ControlChannel control;

	private @Nullable Future<?> deadline;

	/**
	 * Create the handle of a worker that has just been started.
	 * @param identity which worker it is
	 * @param process the worker's process
	 * @param slot the worker's figures
	 * @param lastEvent the last event before the worker's own first
	 */
	WorkerHandle(WorkerIdentity identity, WorkerProcess process, ScoreboardSlot slot, long lastEvent) {
		this.identity = identity;
		this.process = process;
		this.slot = slot;
		this.lastEvent = lastEvent;
		this.heart = new Heart(slot);
	}

	WorkerIdentity identity() {
		return this.identity;
	}

	WorkerProcess process() {
		return this.process;
	}

	ScoreboardSlot slot() {
		return this.slot;
	}

	Heart heart() {
		return this.heart;
	}

	Retirement retirement() {
		return this.retirement;
	}

	Ending ending() {
		return this.ending;
	}

	WorkerState state() {
		return this.state;
	}

	void state(WorkerState state) {
		if (state == WorkerState.READY) {
			this.readiness.begins();
		}
		this.state = state;
	}

	Readiness readiness() {
		return this.readiness;
	}

	boolean isReady() {
		return this.state == WorkerState.READY;
	}

	/**
	 * Return whether the worker lives and has not been asked to end. One that leaves on
	 * its own is replaced when it has ended, since only its exit code tells why.
	 * @return whether it counts for the size of the cluster
	 */
	boolean isStaying() {
		return !this.ending.isAsked() && this.state != WorkerState.STOPPED;
	}

	boolean hasBeenReady() {
		return this.readiness.time() != null;
	}

	/**
	 * Return whether others can rely on this worker now.
	 * @return whether it is ready and has settled
	 */
	boolean isReliable() {
		return isReady() && this.readiness.isSettled();
	}

	/**
	 * Note that the application refuses traffic.
	 */
	void refuses() {
		this.state = WorkerState.OUT_OF_SERVICE;
		this.readiness.ends();
	}

	/**
	 * Note that the worker hangs, which is why it has to end.
	 */
	void hangs() {
		this.hung = true;
		this.readiness.refusalTold();
		if (this.state != WorkerState.DRAINING) {
			this.state = WorkerState.OUT_OF_SERVICE;
		}
		this.ending.askedFor(ExitReason.HUNG);
	}

	boolean isHung() {
		return this.hung;
	}

	/**
	 * Note why the worker's application cannot start.
	 * @param reason the root cause
	 */
	void startFailsBecause(String reason) {
		this.startFailure = reason;
	}

	/**
	 * Return why the worker has failed to start, if it has.
	 * @return what the application has said, or else the last line of its output
	 */
	String startFailure() {
		if (this.startFailure != null) {
			return this.startFailure;
		}
		List<String> lines = this.process.lastWords().lines().filter((line) -> !line.isBlank()).toList();
		return lines.isEmpty() ? "" : lines.get(lines.size() - 1).strip();
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
	 * Kill the worker.
	 * @param reason why
	 */
	void killFor(ExitReason reason) {
		this.ending.killedFor(reason);
		this.process.kill();
	}

	/**
	 * Return why the worker's process has ended.
	 * @param exitCode the process's exit code
	 * @return the reason
	 */
	ExitReason exitReason(int exitCode) {
		return this.ending.reason(exitCode, hasBeenReady());
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

	boolean hasDeadline() {
		return this.deadline != null;
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
	 * @return the channel, or {@code null} if there is none yet or it has closed
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
		long heartbeat = this.slot.heartbeat();
		return new ClusterView.Worker(this.identity.id(), this.identity.index(), this.identity.pid(),
				this.identity.generation(), this.state, this.process.startTime(), this.readiness.time(),
				new ClusterView.Counts(this.slot.connectionsOpen(), this.slot.connectionsTaken()),
				new ClusterView.Counts(this.slot.requestsActive(), this.slot.requestsBegun()),
				new ClusterView.Memory(this.slot.resident()),
				(heartbeat != 0) ? Instant.ofEpochMilli(heartbeat) : null);
	}

	@Override
	public String toString() {
		return this.identity.toString();
	}

}
