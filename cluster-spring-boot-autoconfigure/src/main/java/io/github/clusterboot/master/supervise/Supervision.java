package io.github.clusterboot.master.supervise;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.github.clusterboot.Cluster;
import io.github.clusterboot.ClusterEventType;
import io.github.clusterboot.ClusterState;
import io.github.clusterboot.ClusterView;
import io.github.clusterboot.ExitReason;
import io.github.clusterboot.master.dispatch.Listeners;
import io.github.clusterboot.master.loop.MasterLoop;
import io.github.clusterboot.master.loop.Steps;
import io.github.clusterboot.master.process.WorkerObserver;
import io.github.clusterboot.master.process.WorkerStarter;

/**
 * The supervision of the workers as a whole: commands of an operator, reports of workers
 * about themselves, and the view of the cluster.
 * <p>
 * Used on the event loop only, but for what says otherwise. Whatever changes how many
 * workers there are, or should be, ends in a pass of the {@link Supervisor}.
 */
public final class Supervision {

	/**
	 * How often to look whether there is something to do that nothing has called for.
	 */
	public static final Duration INTERVAL = Duration.ofSeconds(1);

	/**
	 * A worker whose control channel ends while its process lives drains on its own. The
	 * channel of one that dies ends shortly before its process.
	 */
	private static final Duration TIME_TO_DIE = Duration.ofSeconds(1);

	private final ClusterView.Master master;

	private final SupervisionContext context;

	private final ClusterSize size;

	private final Rollout rollout;

	private final Drainer drainer;

	private final ClusterShutdown shutdown;

	private final FailedStarts failedStarts;

	private final ExitHandler exits;

	private final StartHandler starts;

	private final ReadinessHandler readiness;

	private final Supervisor supervisor;

	/**
	 * Create the supervision of a cluster that has no worker yet.
	 * @param master the master's process
	 * @param settings what the master works by
	 * @param loop the event loop
	 * @param starter starts the workers' processes
	 * @param observer is told what becomes of workers; must not wait
	 * @param listeners what the master listens on
	 * @param onComplete called once, when as many workers as there should be are ready
	 */
	public Supervision(ClusterView.Master master, MasterSettings settings, MasterLoop loop, WorkerStarter starter,
			WorkerObserver observer, Listeners listeners, Runnable onComplete) {
		this.master = master;
		EventJournal journal = new EventJournal(loop);
		this.context = new SupervisionContext(settings, loop, starter, observer, new Workers(), listeners, journal);
		this.size = new ClusterSize(settings.size(), journal);
		this.rollout = new Rollout(journal, loop);
		this.drainer = new Drainer(this.context);
		this.shutdown = new ClusterShutdown(this.context, this.drainer);
		this.failedStarts = new FailedStarts(this.context, this.rollout, this.shutdown);
		this.exits = new ExitHandler(this.context, this.shutdown, this.rollout, this.failedStarts, this::converge);
		this.starts = new StartHandler(this.context, this.shutdown, this.rollout, this.failedStarts, this.exits,
				this::converge);
		this.readiness = new ReadinessHandler(this.context, this.rollout, this.failedStarts, this.starts,
				this::converge);
		this.supervisor = new Supervisor(this.context.workers(), this.size, this.starts, this.drainer, this.shutdown,
				this.rollout, onComplete);
	}

	/**
	 * Start the workers, and look after them from now on. May be called from any thread.
	 */
	public void start() {
		MasterLoop loop = this.context.loop();
		loop.repeat("look for workers that hang", new HeartMonitor(this.context, this::converge)::check,
				HeartMonitor.INTERVAL);
		loop.repeat("look for workers to be recycled",
				new Recycler(this.context.settings().recycling(), this.context.workers(), this::replace)::check,
				Recycler.INTERVAL);
		loop.repeat("look for what is to be done", this::look, INTERVAL);
		loop.execute("start the cluster", this::converge);
	}

	void look() {
		Steps.take("look which starts have ended", this.starts::look);
		Steps.take("look which workers live", this.exits::look);
		Steps.take("look which workers have settled", this.readiness::look);
		Steps.take("look which workers drain", this.drainer::look);
		converge();
	}

	private void converge() {
		this.supervisor.converge();
	}

	/**
	 * Replace all workers, one at a time. A restart that is under way starts over.
	 * @param cause the cause, as text
	 */
	public void restart(String cause) {
		if (!this.shutdown.isUnderWay()) {
			this.exits.endDelays();
			this.rollout.begin(cause);
			if (!this.failedStarts.isEverReady()) {
				this.size.beginsWith(this.rollout.generation());
			}
			converge();
		}
	}

	/**
	 * Replace one worker. Has no effect if it ends anyway.
	 * @param worker the worker
	 * @param reason why
	 */
	public void replace(WorkerHandle worker, ExitReason reason) {
		worker.replacement().dueFor(reason);
		converge();
	}

	/**
	 * Change how many workers there should be.
	 * @param number the number, which is brought into the range from 1 to
	 * {@value Cluster#MAX_WORKERS}
	 * @param cause the cause, as text
	 */
	public void resize(int number, String cause) {
		if (!this.shutdown.isUnderWay()) {
			this.size.choose(number, cause);
			converge();
		}
	}

	/**
	 * Return how many workers there should be.
	 * @return the number
	 */
	public int size() {
		return this.size.target();
	}

	/**
	 * Stop the cluster gracefully.
	 * @param exitCode the master's exit code
	 * @param cause the cause, as text
	 */
	public void shutDown(int exitCode, String cause) {
		this.shutdown.begin(exitCode, cause);
	}

	/**
	 * Stop the cluster without grace.
	 * @param exitCode the master's exit code
	 * @param cause the cause, as text
	 */
	public void shutDownNow(int exitCode, String cause) {
		this.shutdown.now(exitCode, cause);
	}

	/**
	 * The cluster cannot work. Unless a worker was ever ready, which shows that it can,
	 * the cluster stops.
	 * @param failure why
	 */
	public void failIfNeverReady(Exception failure) {
		if (!this.failedStarts.isEverReady()) {
			this.shutdown.fail(failure);
		}
	}

	/**
	 * The event loop has ended. May be called from any thread.
	 */
	public void loopEnded() {
		this.shutdown.loopEnded();
	}

	/**
	 * Return whether the cluster is being stopped. May be called from any thread.
	 * @return whether it is
	 */
	public boolean isShuttingDown() {
		return this.shutdown.isUnderWay();
	}

	/**
	 * Return what the cluster ends with: the master's exit code, or the failure that
	 * caused it. Completed when no worker's process is left. May be called from any
	 * thread.
	 * @return the exit code
	 */
	public CompletableFuture<Integer> exit() {
		return this.shutdown.exit();
	}

	/**
	 * Return the workers.
	 * @return those whose process lives
	 */
	public Workers workers() {
		return this.context.workers();
	}

	/**
	 * Return the cluster's events.
	 * @return the journal
	 */
	public EventJournal journal() {
		return this.context.journal();
	}

	/**
	 * A worker has connected.
	 * @param worker the worker
	 * @param link what it is told over
	 */
	public void connected(WorkerHandle worker, WorkerLink link) {
		worker.connected(link);
		journal().record(ClusterEventType.WORKER_ONLINE, worker.identity(), worker + " has connected");
	}

	/**
	 * A worker listens. That is told once.
	 * @param worker the worker
	 * @param port the port
	 */
	public void listens(WorkerHandle worker, int port) {
		if (worker.listens()) {
			journal().record(ClusterEventType.WORKER_LISTENING, worker.identity(), worker + " listens on port " + port);
		}
	}

	/**
	 * A worker's readiness state has changed.
	 * @param worker the worker
	 * @param accepting whether its application accepts traffic
	 */
	public void readinessChanged(WorkerHandle worker, boolean accepting) {
		this.readiness.changed(worker, accepting);
	}

	/**
	 * A worker tells how many of it there can be. That is heeded unless a user has chosen
	 * another number.
	 * @param worker the worker
	 * @param limited how many there can be, and why
	 */
	public void limit(WorkerHandle worker, ClusterView.Limited limited) {
		if (!this.shutdown.isUnderWay()) {
			this.size.limit(worker, limited);
			converge();
		}
	}

	/**
	 * A worker drains without the master having asked.
	 * @param worker the worker
	 * @param terminated whether a signal told it to, and not its application
	 */
	public void drainsOnItsOwn(WorkerHandle worker, boolean terminated) {
		// the exit of one that was never ready tells enough, and one that hung is killed
		if (worker.hasBeenReady() && !worker.isHung() && !this.shutdown.isUnderWay()) {
			this.drainer.drainsOnItsOwn(worker, terminated);
			converge();
		}
	}

	/**
	 * A worker can no longer be sent connections, and does not notice: it would go on
	 * without, or never get any.
	 * @param worker the worker
	 */
	public void broken(WorkerHandle worker) {
		if (!worker.hasBeenReady()) {
			// a failed start
			worker.process().kill();
		}
		else if (worker.isStaying()) {
			worker.process().terminate();
		}
	}

	/**
	 * A channel to a worker has ended.
	 * @param worker the worker
	 * @param link the channel, which may have been replaced
	 */
	public void disconnected(WorkerHandle worker, WorkerLink link) {
		if (worker.disconnected(link)) {
			this.context.loop().schedule("see to the end of " + worker, () -> this.drainer.begin(worker), TIME_TO_DIE);
		}
	}

	/**
	 * Return how the cluster is now.
	 * @return the view
	 */
	public ClusterView view() {
		Workers workers = workers();
		List<ClusterView.Worker> views = workers.all().stream().map(WorkerHandle::view).toList();
		return new ClusterView(state(), this.master, this.rollout.generation(), this.context.settings().scheduling(),
				new ClusterView.Size(size(), workers.ready()), this.context.listeners().views(), views,
				this.exits.restarts(), this.rollout.lastRestart(), this.size.limited());
	}

	private ClusterState state() {
		if (this.shutdown.isUnderWay()) {
			return ClusterState.STOPPING;
		}
		if (this.rollout.isUnderWay()) {
			return ClusterState.RESTARTING;
		}
		if (workers().ready() >= size()) {
			return ClusterState.RUNNING;
		}
		return (this.supervisor.isEverComplete() || this.failedStarts.isDiagnosed()) ? ClusterState.DEGRADED
				: ClusterState.STARTING;
	}

}
