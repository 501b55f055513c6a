package io.github.clusterboot.master.supervise;

import io.github.clusterboot.Cluster;
import io.github.clusterboot.ClusterEventType;
import io.github.clusterboot.ClusterView;
import io.github.clusterboot.master.loop.MasterLog;
import org.apache.commons.logging.Log;
import org.jspecify.annotations.Nullable;

/**
 * How many workers there should be: as configured, as an operator has chosen since, or as
 * few as the application allows. Used on the event loop only.
 */
final class ClusterSize {

	private static final Log logger = MasterLog.of(ClusterSize.class);

	private final EventJournal journal;

	private final SizeLimit limit;

	private int target;

	ClusterSize(MasterSettings.Size settings, EventJournal journal) {
		this.journal = journal;
		this.limit = new SizeLimit(settings.workers(), settings.chosen());
		this.target = settings.workers();
	}

	/**
	 * Return how many workers there should be.
	 * @return the number
	 */
	int target() {
		return this.target;
	}

	/**
	 * An operator has chosen a number.
	 * @param size the number, which is brought into the range from 1 to
	 * {@value Cluster#MAX_WORKERS}
	 * @param cause the cause, as text
	 */
	void choose(int size, String cause) {
		int allowed = Math.max(1, Math.min(size, Cluster.MAX_WORKERS));
		if (allowed == size) {
			this.limit.overrule();
		}
		if (allowed == this.target) {
			logger.info(cause + ": the cluster has its size of " + this.target + " already");
			return;
		}
		change(allowed, cause);
	}

	/**
	 * A worker tells how many of it there can be.
	 * @param worker the worker
	 * @param limited how many there can be, and why
	 */
	void limit(WorkerHandle worker, ClusterView.Limited limited) {
		change(this.limit.told(worker.identity().generation(), this.target, limited),
				worker + " cannot have others beside it");
	}

	/**
	 * A generation replaces one whose workers were never ready.
	 * @param generation the generation
	 */
	void beginsWith(int generation) {
		this.limit.beginsWith(generation);
	}

	/**
	 * A generation has proven itself, with what its workers have told of their number.
	 * @param generation the generation
	 */
	void proven(int generation) {
		int allowed = this.limit.proven(generation, this.target);
		change(allowed, "Generation " + generation + " can have "
				+ ((allowed < this.target) ? "fewer workers" : "more workers"));
	}

	private void change(int allowed, String cause) {
		if (allowed == this.target) {
			return;
		}
		String message = cause + ": the cluster is resized from " + this.target + " to " + allowed
				+ ((allowed == 1) ? " worker" : " workers");
		logger.info(message);
		this.target = allowed;
		this.journal.record(ClusterEventType.CLUSTER_RESIZED, message);
	}

	/**
	 * Return how many workers the application allows.
	 * @return the limit, or {@code null} if there is none or an operator has chosen
	 */
	ClusterView.@Nullable Limited limited() {
		return this.limit.current();
	}

}
