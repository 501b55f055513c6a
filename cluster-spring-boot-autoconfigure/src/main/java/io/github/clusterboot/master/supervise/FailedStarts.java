package io.github.clusterboot.master.supervise;

import io.github.clusterboot.ClusterEventType;
import io.github.clusterboot.ExitReason;
import io.github.clusterboot.master.loop.MasterLog;
import org.apache.commons.logging.Log;

/**
 * Draws the consequences of starts that fail in a row: if no worker has ever been ready
 * the master gives up; a rolling restart is rolled back; a single worker that was to be
 * restarted stays. Used on the event loop only.
 */
final class FailedStarts {

	private static final Log logger = MasterLog.of(FailedStarts.class);

	private static final int FAILED_STARTS_TO_GIVE_UP = 5;

	private static final int FAILED_STARTS_TO_STAY = 2;

	/**
	 * {@code EX_SOFTWARE} of {@code sysexits.h}.
	 */
	private static final int EXIT_CODE_GIVEN_UP = 70;

	private final SupervisionContext context;

	private final Rollout rollout;

	private final ClusterShutdown shutdown;

	private final StartDiagnosis diagnosis = new StartDiagnosis();

	private int failures;

	private boolean everReady;

	private boolean everSettled;

	FailedStarts(SupervisionContext context, Rollout rollout, ClusterShutdown shutdown) {
		this.context = context;
		this.rollout = rollout;
		this.shutdown = shutdown;
	}

	/**
	 * A worker is ready for the first time.
	 */
	void ready() {
		this.everReady = true;
		this.diagnosis.succeeded();
	}

	/**
	 * A start has succeeded.
	 * @param generation the generation of the worker
	 */
	void succeeded(int generation) {
		this.failures = 0;
		this.everSettled = true;
		this.rollout.succeeded(generation);
	}

	/**
	 * A start has failed.
	 * @param generation the generation of the worker
	 * @param failure the cause, as text
	 * @param reason the root cause
	 * @return whether it has been told already that starts fail for this reason
	 */
	boolean failed(int generation, String failure, String reason) {
		this.failures++;
		boolean told = this.diagnosis.failed(reason, this.context.workers().ready() > 0);
		if (this.everReady && this.rollout.isUnderWay()) {
			this.rollout.failed(generation, failure);
		}
		else if (this.everReady) {
			if (this.failures >= FAILED_STARTS_TO_STAY) {
				this.context.workers()
					.staying()
					.stream()
					.filter((worker) -> worker.replacement().isDueFor(ExitReason.RESTART))
					.forEach((worker) -> stay(worker, failure));
			}
		}
		else if (this.failures >= FAILED_STARTS_TO_GIVE_UP) {
			logger.error("No worker was ever ready and " + this.failures
					+ " starts in a row have failed. The last failure: " + failure + "\n");
			this.context.starter().tellHints();
			this.shutdown.giveUp(EXIT_CODE_GIVEN_UP, "No worker can be started");
		}
		return told;
	}

	private void stay(WorkerHandle worker, String failure) {
		worker.replacement().cancel();
		String message = worker + " stays: a new worker does not start. The last failure: " + failure;
		logger.error(message);
		this.context.journal().record(ClusterEventType.RESTART_ROLLED_BACK, worker.identity(), message);
	}

	boolean isEverReady() {
		return this.everReady;
	}

	/**
	 * Return whether any worker was ever ready for as long as it takes to rely on it.
	 * @return whether a start has ever succeeded
	 */
	boolean isEverSettled() {
		return this.everSettled;
	}

	/**
	 * Return whether it is known why the workers that are missing cannot be started.
	 * @return whether starts have failed for the same reason often enough
	 */
	boolean isDiagnosed() {
		return this.diagnosis.isMade();
	}

}
