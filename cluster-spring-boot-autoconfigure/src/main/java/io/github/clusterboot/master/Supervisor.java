package io.github.clusterboot.master;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;

import io.github.clusterboot.Cluster;
import io.github.clusterboot.ClusterEventType;
import io.github.clusterboot.ClusterState;
import io.github.clusterboot.ClusterView;
import io.github.clusterboot.ExitReason;
import io.github.clusterboot.Scheduling;
import org.apache.commons.logging.Log;
import org.jspecify.annotations.Nullable;

/**
 * Keeps as many workers as there should be, of the generation that they should be of.
 * <p>
 * Each {@linkplain #converge() pass} compares what is with what should be and takes the
 * next step; whatever changes either ends in a pass. A worker that is to be replaced
 * serves until a new one has been ready for a while, and there is one replacement at a
 * time. Used on the event loop only.
 */
final class Supervisor {

	private static final Log logger = MasterLog.of(Supervisor.class);

	/**
	 * How often to look whether there is something to do that nothing has called for.
	 */
	static final Duration INTERVAL = Duration.ofSeconds(1);

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private final Scheduling scheduling;

	private final Workers workers;

	private final WorkerLife life;

	private final Drainer drainer;

	private final Stop stop;

	private final EventJournal journal;

	private final Rollout rollout;

	private final ConcurrentStarts starts;

	private final SizeLimit limit;

	private int target;

	/**
	 * How many workers were ready when the last replacement was started.
	 */
	private int readyBefore;

	private boolean everComplete;

	private boolean heldUpTold;

	Supervisor(MasterSettings settings, Workers workers, WorkerLife life, Drainer drainer, Stop stop,
			EventJournal journal, Rollout rollout) {
		this.scheduling = settings.scheduling();
		this.starts = new ConcurrentStarts(settings.size().concurrentStarts(), settings.size().firstAlone());
		this.target = settings.size().workers();
		this.limit = new SizeLimit(settings.size().workers(), settings.size().chosen());
		this.workers = workers;
		this.life = life;
		this.drainer = drainer;
		this.stop = stop;
		this.journal = journal;
		this.rollout = rollout;
	}

	/**
	 * Replace all workers, one at a time. A restart that is under way starts over.
	 * @param cause the cause, as text
	 */
	void restart(String cause) {
		if (!this.stop.isUnderWay()) {
			this.life.endDelays();
			this.rollout.begin(cause);
			if (!this.life.hasEverBeenReady()) {
				this.limit.beginsWith(this.rollout.generation());
			}
			converge();
		}
	}

	/**
	 * Replace one worker. Has no effect if it ends anyway.
	 * @param worker the worker
	 * @param reason why
	 */
	void replace(WorkerHandle worker, ExitReason reason) {
		worker.retirement().dueFor(reason);
		converge();
	}

	/**
	 * Change how many workers there should be.
	 * @param size the number, which is brought into the range from 1 to
	 * {@value Cluster#MAX_WORKERS}
	 * @param cause the cause, as text
	 */
	void resize(int size, String cause) {
		int allowed = Math.max(1, Math.min(size, Cluster.MAX_WORKERS));
		if (this.stop.isUnderWay()) {
			return;
		}
		if (allowed == size) {
			this.limit.overrule();
		}
		if (allowed == this.target) {
			logger.info(cause + ": the cluster has its size of " + this.target + " already");
			return;
		}
		changeTarget(allowed, cause);
	}

	/**
	 * Heed that the application cannot have more of itself, if nobody has chosen another
	 * number of workers.
	 * @param worker the worker that tells it
	 * @param limited how many there can be, and why
	 */
	void limit(WorkerHandle worker, ClusterView.Limited limited) {
		int allowed = this.limit.told(worker.identity().generation(), this.target, limited);
		if (allowed != this.target && !this.stop.isUnderWay()) {
			changeTarget(allowed, worker + " cannot have others beside it");
		}
	}

	private void changeTarget(int allowed, String cause) {
		String message = cause + ": the cluster is resized from " + this.target + " to " + allowed
				+ ((allowed == 1) ? " worker" : " workers");
		logger.info(message);
		this.target = allowed;
		this.journal.record(ClusterEventType.CLUSTER_RESIZED, message);
		converge();
	}

	/**
	 * End the workers that are too many: the cluster has been made smaller, perhaps while
	 * one was being started. One that is to be replaced may have its replacement.
	 */
	private void endSuperfluous() {
		for (int left = superfluous(); left > 0; left--) {
			this.drainer.drain(mostDispensable(), ExitReason.SCALE_DOWN);
		}
	}

	private int superfluous() {
		List<WorkerHandle> staying = this.workers.staying();
		int replacements = staying.stream().anyMatch(this::isOutdated) ? 1 : 0;
		return staying.size() - this.target - replacements;
	}

	/**
	 * Return the worker that a smaller cluster can do without best: one that would be
	 * replaced anyway, one that does not serve, the one with the highest index.
	 */
	private WorkerHandle mostDispensable() {
		return this.workers.staying()
			.stream()
			.max(Comparator.comparing(this::isOutdated)
				.thenComparing((worker) -> !worker.isReady())
				.thenComparing((worker) -> worker.identity().index()))
			.orElseThrow();
	}

	/**
	 * Return how many workers there should be.
	 * @return the number
	 */
	int target() {
		return this.target;
	}

	/**
	 * Take the next steps towards what should be.
	 */
	void converge() {
		if (this.stop.isUnderWay()) {
			return;
		}
		Steps.take("note that the cluster is complete", this::noteComplete);
		Steps.take("end workers of a generation that is not wanted", this::endUnproven);
		Steps.take("end workers that are too many", this::endSuperfluous);
		Steps.take("start workers that are missing", this::startMissing);
		Steps.take("start a replacement", this::startReplacement);
		Steps.take("end workers that are replaced", this::endReplaced);
		Steps.take("complete the rolling restart", this::completeRollout);
	}

	private void completeRollout() {
		if (this.rollout.isUnderWay() && isRolledOut()) {
			this.rollout.complete();
			int generation = this.rollout.generation();
			int allowed = this.limit.proven(generation, this.target);
			if (allowed != this.target) {
				changeTarget(allowed, "Generation " + generation + " can have "
						+ ((allowed < this.target) ? "fewer workers" : "more workers"));
			}
		}
	}

	/**
	 * Take the steps that nothing has called for since some call failed.
	 */
	void look() {
		this.life.look();
		converge();
		if (this.workers.isStartHeldUp(PATIENCE, System.nanoTime())) {
			if (!this.heldUpTold) {
				logger.warn("A worker has been waiting to be started for " + Durations.format(PATIENCE)
						+ ": the file system, or whatever its command line needs, does not answer");
			}
			this.heldUpTold = true;
		}
		else {
			this.heldUpTold = false;
		}
	}

	private void noteComplete() {
		if (!this.everComplete && this.workers.ready() >= this.target) {
			this.everComplete = true;
			logger.info("The cluster is running: "
					+ ((this.target == 1) ? "its worker is ready" : this.workers.ready() + " workers are ready"));
			SmallFootprint.keep();
		}
	}

	/**
	 * End what was started for a generation that is no longer wanted, and has not served
	 * or only tried to.
	 */
	private void endUnproven() {
		for (WorkerHandle worker : this.workers.staying()) {
			int generation = worker.identity().generation();
			if ((!worker.hasBeenReady() && generation < this.rollout.generation())
					|| (!worker.readiness().isSettled() && generation > this.rollout.generation())) {
				this.drainer.drain(worker, ExitReason.RESTART);
			}
		}
	}

	/**
	 * Start what is missing. A worker that was ended before it was ready takes the place
	 * of its successor until its process has ended, so that requests for a restart that
	 * come faster than workers start do not pile up processes.
	 */
	private void startMissing() {
		start(this.target - this.workers.staying().size() - this.workers.endingUnready() - this.workers.beingStarted());
	}

	/**
	 * Start workers at the lowest indexes, as far as no delay keeps an index empty and
	 * not too many others are starting.
	 */
	private void start(int number) {
		// a start that fails may be the last one before the master gives up
		for (int index = 0, left = number; left > 0 && !this.stop.isUnderWay(); index++) {
			if (!this.workers.isIndexHeld(index)) {
				left--;
				if (this.life.isFree(index) && this.starts.isRoom(this.workers, this.life.hasEverBeenReady())) {
					this.life.start(index);
				}
			}
		}
	}

	/**
	 * Start one worker more than there should be, if one is to be replaced.
	 */
	private void startReplacement() {
		List<WorkerHandle> staying = this.workers.staying();
		// one at a time: not while another replacement starts, nor while one that has
		// been replaced still drains
		if (isSettledSize(staying) && staying.stream().anyMatch(this::isOutdated)) {
			this.readyBefore = this.workers.ready();
			start(1);
		}
	}

	private boolean isSettledSize(List<WorkerHandle> staying) {
		return staying.size() == this.target && this.workers.all().size() == staying.size()
				&& this.workers.beingStarted() == 0;
	}

	private boolean isOutdated(WorkerHandle worker) {
		return worker.retirement().isDue() || worker.identity().generation() < this.rollout.generation();
	}

	/**
	 * End workers whose replacement serves.
	 */
	private void endReplaced() {
		for (int surplus = this.workers.staying().size() - this.target; surplus > 0; surplus--) {
			WorkerHandle worker = replaced();
			if (worker == null) {
				return;
			}
			this.drainer.drain(worker, worker.retirement().reason());
		}
	}

	/**
	 * Return the worker whose replacement serves already: one that does not serve before
	 * the others, the oldest of them.
	 */
	private @Nullable WorkerHandle replaced() {
		return this.workers.staying()
			.stream()
			.filter(this::isOutdated)
			.min(Comparator.comparing(WorkerHandle::isReady))
			.filter(this::isDispensable)
			.orElse(null);
	}

	/**
	 * Without the worker as many have to be left to rely on as there should be, or as
	 * there were: another that does not come up must not keep this one from being
	 * replaced.
	 */
	private boolean isDispensable(WorkerHandle worker) {
		if (worker.isReady()) {
			return this.workers.reliable() > Math.min(this.target, this.readyBefore);
		}
		return this.workers.staying().stream().allMatch((staying) -> staying.readiness().isSettled());
	}

	/**
	 * Return whether every worker belongs to the generation, and none that it replaces is
	 * left.
	 */
	private boolean isRolledOut() {
		List<WorkerHandle> staying = this.workers.staying();
		return isSettledSize(staying) && staying.stream()
			.allMatch((worker) -> worker.readiness().isSettled()
					&& worker.identity().generation() == this.rollout.generation());
	}

	/**
	 * Return the cluster as it is now.
	 * @param master the master's process
	 * @param listeners the master's listeners
	 * @return the view
	 */
	ClusterView view(ClusterView.Master master, List<ClusterView.Listener> listeners) {
		return new ClusterView(state(), master, this.rollout.generation(), this.scheduling,
				new ClusterView.Size(this.target, this.workers.ready()), listeners,
				this.workers.all().stream().map(WorkerHandle::view).toList(), this.life.restarts(),
				this.rollout.lastRestart(), this.limit.current());
	}

	private ClusterState state() {
		if (this.stop.isUnderWay()) {
			return ClusterState.STOPPING;
		}
		if (this.rollout.isUnderWay()) {
			return ClusterState.RESTARTING;
		}
		if (this.workers.ready() >= this.target) {
			return ClusterState.RUNNING;
		}
		return (this.everComplete || this.life.isDiagnosed()) ? ClusterState.DEGRADED : ClusterState.STARTING;
	}

}
