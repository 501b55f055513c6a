package io.github.clusterboot.master.supervise;

import java.util.Comparator;
import java.util.List;

import io.github.clusterboot.ExitReason;
import io.github.clusterboot.master.loop.MasterLog;
import io.github.clusterboot.master.loop.Steps;
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

	private final Workers workers;

	private final ClusterSize size;

	private final StartHandler starts;

	private final Drainer drainer;

	private final ClusterShutdown shutdown;

	private final Rollout rollout;

	private final Runnable onComplete;

	/**
	 * How many workers were ready when the last replacement was started.
	 */
	private int readyBefore;

	private boolean everComplete;

	/**
	 * Create a supervisor.
	 * @param workers the workers
	 * @param size how many there should be
	 * @param starts starts them
	 * @param drainer ends them
	 * @param shutdown from its beginning on nothing is to be done
	 * @param rollout the generation that they should be of
	 * @param onComplete called once, when as many as there should be are ready
	 */
	Supervisor(Workers workers, ClusterSize size, StartHandler starts, Drainer drainer, ClusterShutdown shutdown,
			Rollout rollout, Runnable onComplete) {
		this.workers = workers;
		this.size = size;
		this.starts = starts;
		this.drainer = drainer;
		this.shutdown = shutdown;
		this.rollout = rollout;
		this.onComplete = onComplete;
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
		return staying.size() - target() - replacements;
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
	 * Take the next steps towards what should be.
	 */
	void converge() {
		if (this.shutdown.isUnderWay()) {
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
			int before = this.size.target();
			this.size.proven(this.rollout.generation());
			if (this.size.target() != before) {
				converge();
			}
		}
	}

	private void noteComplete() {
		if (!this.everComplete && this.workers.ready() >= target()) {
			this.everComplete = true;
			logger.info("The cluster is running: "
					+ ((target() == 1) ? "its worker is ready" : this.workers.ready() + " workers are ready"));
			this.onComplete.run();
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
		start(target() - this.workers.staying().size() - this.workers.endingUnready() - this.workers.beingStarted());
	}

	/**
	 * Start workers at the lowest indexes, as far as no delay keeps an index empty and
	 * not too many others are starting.
	 */
	private void start(int number) {
		for (int index = 0, left = number; left > 0; index++) {
			if (!this.workers.isIndexHeld(index)) {
				left--;
				this.starts.startIfPossible(index);
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
		return staying.size() == target() && this.workers.all().size() == staying.size()
				&& this.workers.beingStarted() == 0;
	}

	private boolean isOutdated(WorkerHandle worker) {
		return worker.replacement().isDue() || worker.identity().generation() < this.rollout.generation();
	}

	/**
	 * End workers whose replacement serves.
	 */
	private void endReplaced() {
		for (int surplus = this.workers.staying().size() - target(); surplus > 0; surplus--) {
			WorkerHandle worker = replaced();
			if (worker == null) {
				return;
			}
			this.drainer.drain(worker, worker.replacement().reason());
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
			return this.workers.reliable() > Math.min(target(), this.readyBefore);
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

	private int target() {
		return this.size.target();
	}

	/**
	 * Return whether as many workers as there should be were ever ready at a time.
	 * @return whether the start of the cluster has succeeded
	 */
	boolean isEverComplete() {
		return this.everComplete;
	}

}
