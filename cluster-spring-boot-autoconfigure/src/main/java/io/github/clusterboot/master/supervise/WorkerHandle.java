package io.github.clusterboot.master.supervise;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Future;

import io.github.clusterboot.ClusterView;
import io.github.clusterboot.ExitReason;
import io.github.clusterboot.WorkerIdentity;
import io.github.clusterboot.WorkerState;
import io.github.clusterboot.ipc.Message;
import io.github.clusterboot.ipc.ScoreboardSlot;
import io.github.clusterboot.master.dispatch.Receiver;
import io.github.clusterboot.master.loop.TimeSource;
import io.github.clusterboot.master.process.WorkerProcess;
import org.jspecify.annotations.Nullable;

/**
 * The master's view of a worker. Owns the worker's process and control channel. Used on
 * the event loop only.
 * <p>
 * While the process lives, no other combinations than these are possible. A worker may be
 * killed in each of them: for the reasons given, and with {@link ExitReason#REQUESTED
 * REQUESTED} by a stop without grace.
 * <table border="1">
 * <caption>The states of a worker</caption> <thead>
 * <tr>
 * <th>{@link #state() state}</th>
 * <th>{@linkplain #hasBeenReady() ever ready}</th>
 * <th>{@linkplain ExitCause#isAsked() asked to end}</th>
 * <th>{@linkplain ExitCause#isLeaving() leaves}</th>
 * <th>{@linkplain #isHung() hangs}</th>
 * <th>killed for</th>
 * <th>because</th>
 * </tr>
 * </thead> <tbody>
 * <tr>
 * <td>{@code STARTING}</td>
 * <td>no</td>
 * <td>no</td>
 * <td>no</td>
 * <td>no</td>
 * <td>{@code START_TIMEOUT}</td>
 * <td>it has just been started</td>
 * </tr>
 * <tr>
 * <td>{@code READY}</td>
 * <td>yes</td>
 * <td>no</td>
 * <td>no</td>
 * <td>no</td>
 * <td></td>
 * <td>it serves</td>
 * </tr>
 * <tr>
 * <td>{@code OUT_OF_SERVICE}</td>
 * <td>yes</td>
 * <td>no</td>
 * <td>no</td>
 * <td>no</td>
 * <td>{@code START_TIMEOUT}</td>
 * <td>its application refuses traffic</td>
 * </tr>
 * <tr>
 * <td>{@code OUT_OF_SERVICE}</td>
 * <td>any</td>
 * <td>for {@code HUNG}</td>
 * <td>no</td>
 * <td>yes</td>
 * <td>{@code HUNG}</td>
 * <td>it has sent no heartbeat</td>
 * </tr>
 * <tr>
 * <td>{@code DRAINING}</td>
 * <td>any</td>
 * <td>yes, not for {@code HUNG}</td>
 * <td>no</td>
 * <td>no</td>
 * <td>{@code DRAIN_TIMEOUT}</td>
 * <td>the master wants it</td>
 * </tr>
 * <tr>
 * <td>{@code DRAINING}</td>
 * <td>yes</td>
 * <td>any</td>
 * <td>yes</td>
 * <td>no</td>
 * <td>{@code DRAIN_TIMEOUT}</td>
 * <td>its application closes, and may open again</td>
 * </tr>
 * <tr>
 * <td>{@code DRAINING}</td>
 * <td>any</td>
 * <td>no</td>
 * <td>no</td>
 * <td>no</td>
 * <td>{@code DRAIN_TIMEOUT}</td>
 * <td>its control channel has ended</td>
 * </tr>
 * <tr>
 * <td>{@code DRAINING}</td>
 * <td>any</td>
 * <td>yes</td>
 * <td>any</td>
 * <td>yes</td>
 * <td>{@code HUNG}, {@code DRAIN_TIMEOUT}</td>
 * <td>it has sent no heartbeat while it drained</td>
 * </tr>
 * </tbody>
 * </table>
 */
public final class WorkerHandle implements Receiver {

	private final WorkerIdentity identity;

	private final WorkerProcess process;

	private final ScoreboardSlot slot;

	private final long lastEvent;

	private final TimeSource time;

	private final Instant startTime;

	private final long startNanos;

	private final ReplacementReason replacement = new ReplacementReason();

	private final ExitCause exitCause = new ExitCause();

	private final HeartbeatHistory heartbeats;

	private final Readiness readiness;

	private WorkerState state = WorkerState.STARTING;

	private boolean listening;

	private boolean hung;

	private @Nullable String startFailure;

	private @Nullable WorkerLink link;

	private @Nullable Future<?> deadline;

	/**
	 * Create the handle of a worker that has just been started.
	 * @param identity which worker it is
	 * @param process the worker's process
	 * @param slot the worker's figures
	 * @param lastEvent the last event before the worker's own first
	 * @param time the time
	 */
	WorkerHandle(WorkerIdentity identity, WorkerProcess process, ScoreboardSlot slot, long lastEvent, TimeSource time) {
		this.identity = identity;
		this.process = process;
		this.slot = slot;
		this.lastEvent = lastEvent;
		this.time = time;
		this.startTime = time.now();
		this.startNanos = time.nanoTime();
		this.heartbeats = new HeartbeatHistory(slot);
		this.readiness = new Readiness(time);
	}

	public WorkerIdentity identity() {
		return this.identity;
	}

	WorkerProcess process() {
		return this.process;
	}

	@Override
	public int index() {
		return this.identity.index();
	}

	@Override
	public ScoreboardSlot slot() {
		return this.slot;
	}

	/**
	 * Return the last event before the worker's own first.
	 * @return the event's sequence number
	 */
	public long lastEvent() {
		return this.lastEvent;
	}

	/**
	 * Return how long ago the worker's process was started.
	 * @return the time
	 */
	Duration age() {
		return this.time.since(this.startNanos);
	}

	HeartbeatHistory heartbeats() {
		return this.heartbeats;
	}

	ReplacementReason replacement() {
		return this.replacement;
	}

	ExitCause exitCause() {
		return this.exitCause;
	}

	public WorkerState state() {
		return this.state;
	}

	/**
	 * Note that the worker drains.
	 */
	void drains() {
		this.state = WorkerState.DRAINING;
	}

	/**
	 * Note that the worker's process has ended.
	 */
	void exited() {
		this.state = WorkerState.STOPPED;
	}

	Readiness readiness() {
		return this.readiness;
	}

	@Override
	public boolean isReady() {
		return this.state == WorkerState.READY;
	}

	@Override
	public Duration sinceReady() {
		return this.readiness.timeSince();
	}

	/**
	 * Return whether the worker lives and has not been asked to end. One that leaves on
	 * its own is replaced when it has ended, since only its exit code tells why.
	 * @return whether it counts for the size of the cluster
	 */
	boolean isStaying() {
		return !this.exitCause.isAsked() && this.state != WorkerState.STOPPED;
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
	 * Note that the application accepts traffic.
	 */
	void accepts() {
		this.state = WorkerState.READY;
		this.readiness.begins();
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
		this.exitCause.askedFor(ExitReason.HUNG);
	}

	boolean isHung() {
		return this.hung;
	}

	/**
	 * Note why the worker's application cannot start.
	 * @param reason the root cause
	 */
	public void startFailsBecause(String reason) {
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
	public boolean listens() {
		boolean first = !this.listening;
		this.listening = true;
		return first;
	}

	/**
	 * Kill the worker.
	 * @param reason why
	 */
	void killFor(ExitReason reason) {
		this.exitCause.killedFor(reason);
		this.process.kill();
	}

	/**
	 * Return why the worker's process has ended.
	 * @param exitCode the process's exit code
	 * @return the reason
	 */
	ExitReason exitReason(int exitCode) {
		return this.exitCause.reason(exitCode, hasBeenReady());
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
	 * @param link what it is told over
	 */
	public void connected(WorkerLink link) {
		this.link = link;
	}

	/**
	 * Return whether there is something that the worker is told over.
	 * @return whether it has connected and its control channel is open
	 */
	public boolean isConnected() {
		return this.link != null;
	}

	/**
	 * Note the end of what the worker is told over.
	 * @param ended what has ended
	 * @return whether it was the worker's
	 */
	public boolean disconnected(WorkerLink ended) {
		if (this.link != ended) {
			return false;
		}
		this.link = null;
		return true;
	}

	@Override
	public boolean send(Message.FromMaster message) {
		if (this.link == null) {
			return false;
		}
		this.link.send(message);
		return true;
	}

	public ClusterView.Worker view() {
		long heartbeat = this.slot.heartbeat();
		return new ClusterView.Worker(this.identity.id(), this.identity.index(), this.identity.pid(),
				this.identity.generation(), this.state, this.startTime, this.readiness.time(),
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
