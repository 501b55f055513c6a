package io.github.clusterboot.master.supervise;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.github.clusterboot.ClusterEvent;
import io.github.clusterboot.ClusterEventType;
import io.github.clusterboot.ClusterView;
import io.github.clusterboot.ExitReason;
import io.github.clusterboot.WorkerState;
import io.github.clusterboot.ipc.Scoreboard;
import io.github.clusterboot.master.dispatch.ListenObserver;
import io.github.clusterboot.master.dispatch.Listeners;
import io.github.clusterboot.master.loop.MasterLoop;
import io.github.clusterboot.master.socket.PassedSockets;
import org.jspecify.annotations.Nullable;

import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.withSettings;

/**
 * A {@link Supervision} in virtual time, whose workers are not processes. Their hearts
 * beat as long as they live, unless a test says otherwise.
 */
final class VirtualCluster {

	private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

	private final VirtualEventLoop loop = new VirtualEventLoop();

	private final VirtualStarter starter = new VirtualStarter();

	private final Supervision supervision;

	private boolean complete;

	VirtualCluster(MasterSettings settings) {
		MasterLoop master = new MasterLoop(this.loop, this.loop.ticker(), new VirtualClock());
		Listeners listeners = new Listeners(settings.scheduling(), settings.backlog(), master,
				mock(Scoreboard.class, withSettings().stubOnly()), PassedSockets.of(Map.of(), Path.of("/nonexistent")),
				ListenObserver.NONE);
		this.supervision = new Supervision(new ClusterView.Master(1, BEGIN), settings, master, this.starter, listeners,
				() -> this.complete = true);
	}

	/**
	 * Start the cluster, whose workers do not get ready on their own.
	 * @return this cluster
	 */
	VirtualCluster start() {
		this.supervision.start();
		pass(Duration.ZERO);
		return this;
	}

	/**
	 * Start the cluster and get each worker ready and settled that it starts, now and
	 * later.
	 * @return this cluster
	 */
	VirtualCluster startWell() {
		workersAreReadyAfter(Duration.ZERO);
		start();
		pass(Duration.ofSeconds(5));
		return this;
	}

	/**
	 * Get each worker ready that is started from now on.
	 * @param time how long that takes
	 */
	void workersAreReadyAfter(Duration time) {
		this.starter.onStart((worker) -> this.loop.schedule(() -> ready(worker.identity().id()), time.toNanos(),
				TimeUnit.NANOSECONDS));
	}

	/**
	 * Have time pass. Hearts beat meanwhile.
	 * @param time how much
	 */
	void pass(Duration time) {
		long step = Scoreboard.HEARTBEAT_INTERVAL.toNanos();
		long left = time.toNanos();
		do {
			this.starter.started().stream().filter(this::isBeating).forEach(VirtualWorker::beats);
			this.loop.advance(Math.min(step, left));
			left -= step;
		}
		while (left > 0);
	}

	private boolean isBeating(VirtualWorker worker) {
		return worker.isAlive() && !worker.isSilent();
	}

	/**
	 * Take no task on the event loop from now on.
	 * @param refusal what is thrown instead, or {@code null} to take tasks again
	 */
	void refuseTasks(@Nullable Error refusal) {
		this.loop.refuseTasks(refusal);
	}

	/**
	 * Have each event fail from now on.
	 * @param failure what is thrown when one is recorded, or {@code null} for nothing
	 */
	void failEventsWith(@Nullable Error failure) {
		this.supervision.journal().onEvent(() -> {
			if (failure != null) {
				throw failure;
			}
		});
	}

	/**
	 * Have the master look what there is to do, before its time.
	 */
	void look() {
		this.supervision.look();
	}

	Supervision supervision() {
		return this.supervision;
	}

	VirtualStarter starter() {
		return this.starter;
	}

	boolean isComplete() {
		return this.complete;
	}

	/**
	 * Return a worker that was ever started.
	 * @param id the worker's id
	 * @return the worker
	 */
	VirtualWorker worker(int id) {
		return this.starter.started().get(id - 1);
	}

	/**
	 * Return the master's view of a worker whose process lives.
	 * @param id the worker's id
	 * @return the handle
	 */
	WorkerHandle handle(int id) {
		WorkerHandle handle = this.supervision.workers().withId(id);
		if (handle == null) {
			throw new IllegalArgumentException("There is no worker " + id);
		}
		return handle;
	}

	WorkerState state(int id) {
		return handle(id).state();
	}

	/**
	 * Return the ids of the workers whose process lives.
	 * @return the ids, oldest first
	 */
	List<Integer> ids() {
		return this.supervision.workers().all().stream().map((worker) -> worker.identity().id()).toList();
	}

	/**
	 * A worker connects, and its application accepts traffic.
	 * @param id the worker's id
	 */
	void ready(int id) {
		WorkerHandle handle = this.supervision.workers().withId(id);
		if (handle != null && worker(id).isAlive()) {
			if (!handle.isConnected()) {
				this.supervision.connected(handle, worker(id));
			}
			this.supervision.readinessChanged(handle, true);
		}
	}

	void refuses(int id) {
		this.supervision.readinessChanged(handle(id), false);
	}

	/**
	 * A worker's process ends.
	 * @param id the worker's id
	 * @param exitCode its exit code
	 */
	void exits(int id, int exitCode) {
		worker(id).exits(exitCode);
		pass(Duration.ZERO);
	}

	ClusterView view() {
		return this.supervision.view();
	}

	List<ClusterEvent> events(ClusterEventType type) {
		return this.supervision.journal().after(0, type);
	}

	List<ClusterEvent> events() {
		return this.supervision.journal().after(0, null);
	}

	/**
	 * Return why workers have ended.
	 * @return the reasons, in order
	 */
	List<ExitReason> exitReasons() {
		return events(ClusterEventType.WORKER_EXITED).stream().map(ClusterEvent::reason).toList();
	}

	private final class VirtualClock extends Clock {

		@Override
		public Instant instant() {
			return BEGIN.plusNanos(VirtualCluster.this.loop.ticker().nanoTime());
		}

		@Override
		public ZoneId getZone() {
			return ZoneOffset.UTC;
		}

		@Override
		public Clock withZone(ZoneId zone) {
			throw new UnsupportedOperationException();
		}

	}

}
