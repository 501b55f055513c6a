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
import java.util.function.Consumer;

import io.github.clusterboot.ClusterEvent;
import io.github.clusterboot.ClusterEventType;
import io.github.clusterboot.ClusterView;
import io.github.clusterboot.ExitReason;
import io.github.clusterboot.WorkerState;
import io.github.clusterboot.ipc.Scoreboard;
import io.github.clusterboot.master.dispatch.ListenObserver;
import io.github.clusterboot.master.dispatch.Listeners;
import io.github.clusterboot.master.loop.MasterLoop;
import io.github.clusterboot.master.loop.VirtualEventLoop;
import io.github.clusterboot.master.socket.PassedSockets;
import org.jspecify.annotations.Nullable;

import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.spy;
import static org.mockito.Mockito.withSettings;

/**
 * A {@link Supervision} in virtual time, whose workers are not processes. Their hearts
 * beat as long as they live, unless a test says otherwise.
 */
final class VirtualCluster {

	static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

	private final VirtualEventLoop loop = new VirtualEventLoop();

	private final VirtualStarter starter = new VirtualStarter();

	private final Listeners listeners;

	private final Supervision supervision;

	private int completions;

	private int leastReady;

	private int mostAlive;

	private @Nullable Error eventFailure;

	private @Nullable Error clockFailure;

	VirtualCluster(MasterSettings settings) {
		MasterLoop master = new MasterLoop(this.loop, this.loop.ticker(), new VirtualClock());
		this.listeners = spy(new Listeners(settings.scheduling(), settings.backlog(), master,
				mock(Scoreboard.class, withSettings().stubOnly()), PassedSockets.of(Map.of(), Path.of("/nonexistent")),
				ListenObserver.NONE));
		this.supervision = new Supervision(new ClusterView.Master(1, BEGIN), settings, master, this.starter,
				this.starter, this.listeners, () -> this.completions++);
		this.supervision.journal().onEvent(this::eventOccurred);
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

	private void eventOccurred() {
		this.leastReady = Math.min(this.leastReady, this.supervision.workers().ready());
		this.mostAlive = Math.max(this.mostAlive, this.supervision.workers().all().size());
		if (this.eventFailure != null) {
			throw this.eventFailure;
		}
	}

	/**
	 * Get each worker ready that is started from now on.
	 * @param time how long that takes
	 */
	void workersAreReadyAfter(Duration time) {
		afterStarts(time, (worker) -> ready(worker.identity().id()));
	}

	/**
	 * Have each worker exit that is started from now on.
	 * @param time how long it lives
	 * @param exitCode its exit code
	 */
	void workersExitAfter(Duration time, int exitCode) {
		afterStarts(time, (worker) -> worker.exits(exitCode));
	}

	/**
	 * Have something happen to each worker that is started from now on.
	 * @param time how long after its start
	 * @param action what happens
	 */
	void afterStarts(Duration time, Consumer<VirtualWorker> action) {
		this.starter.onStart((worker) -> after(time, () -> action.accept(worker)));
	}

	/**
	 * Have something happen later.
	 * @param time how much later
	 * @param action what happens
	 */
	void after(Duration time, Runnable action) {
		this.loop.schedule(action, time.toNanos(), TimeUnit.NANOSECONDS);
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

	/**
	 * Have time pass in which nothing runs, neither the master nor a worker.
	 * @param time how much
	 */
	void standStill(Duration time) {
		this.loop.standStill(time.toNanos());
	}

	/**
	 * Return how much time has passed since the beginning.
	 * @return the time
	 */
	Duration time() {
		return Duration.ofNanos(this.loop.ticker().nanoTime());
	}

	/**
	 * Watch from now on how many workers there are, at each event.
	 */
	void watch() {
		this.leastReady = Integer.MAX_VALUE;
		this.mostAlive = 0;
		eventOccurred();
	}

	int leastReady() {
		return this.leastReady;
	}

	int mostAlive() {
		return this.mostAlive;
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
	 * Run what is due, but without a timer for anything.
	 * @param refusal what is thrown instead
	 */
	void runWithoutTimers(Error refusal) {
		this.loop.refuseTimers(refusal);
		this.loop.advance(0);
		this.loop.refuseTimers(null);
	}

	/**
	 * Have each event fail from now on.
	 * @param failure what is thrown when one is recorded, or {@code null} for nothing
	 */
	void failEventsWith(@Nullable Error failure) {
		this.eventFailure = failure;
	}

	/**
	 * Have the clock fail from now on, and with it whatever needs the time of day.
	 * @param failure what is thrown, or {@code null} for nothing
	 */
	void failClockWith(@Nullable Error failure) {
		this.clockFailure = failure;
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

	Listeners listeners() {
		return this.listeners;
	}

	/**
	 * Return how often it was told that the cluster is complete.
	 * @return the number
	 */
	int completions() {
		return this.completions;
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

	/**
	 * A worker's application closes its context, and then its process ends.
	 * @param id the worker's id
	 * @param exitCode its exit code
	 */
	void leaves(int id, int exitCode) {
		this.supervision.drainsOnItsOwn(handle(id), false);
		exits(id, exitCode);
	}

	void replace(int id) {
		this.supervision.replace(handle(id), ExitReason.RESTART);
		pass(Duration.ZERO);
	}

	void restart() {
		this.supervision.restart("HUP");
		pass(Duration.ZERO);
	}

	void resize(int size) {
		this.supervision.resize(size, "TTIN");
		pass(Duration.ZERO);
	}

	void shutDown() {
		this.supervision.shutDown(143, "TERM");
		pass(Duration.ZERO);
	}

	/**
	 * Return what the cluster has ended with.
	 * @return the exit code, or {@code null} if it has not ended
	 */
	@Nullable Integer exitCode() {
		return this.supervision.exit().getNow(null);
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
	 * Return when something has happened.
	 * @param type the kind of events
	 * @return the times since the beginning, in order
	 */
	List<Duration> times(ClusterEventType type) {
		return events(type).stream().map((event) -> Duration.between(BEGIN, event.timestamp())).toList();
	}

	/**
	 * Return what has happened to a worker.
	 * @param id the worker's id
	 * @return the types of its events, in order
	 */
	List<ClusterEventType> typesOf(int id) {
		return events().stream()
			.filter((event) -> event.worker() != null && event.worker().id() == id)
			.map(ClusterEvent::type)
			.toList();
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
			if (VirtualCluster.this.clockFailure != null) {
				throw VirtualCluster.this.clockFailure;
			}
			return BEGIN.plusNanos(VirtualCluster.this.loop.ticker().nanoTime());
		}

		@Override
		public ZoneId getZone() {
			return ZoneOffset.UTC;
		}

		@Override
		public Clock withZone(ZoneId zone) {
			throw new UnsupportedOperationException("Not needed here");
		}

	}

}
