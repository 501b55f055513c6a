package io.github.clusterboot.master.supervise;

import io.github.clusterboot.ClusterView;
import io.github.clusterboot.master.loop.MasterLog;
import org.apache.commons.logging.Log;
import org.jspecify.annotations.Nullable;

/**
 * How many workers there can be by what the application is, as its workers tell. It is
 * heeded only if no user has chosen a number, and only for a generation that has proven
 * itself: one that is rolled back must not have changed the size of the cluster. Used on
 * the event loop only.
 */
final class SizeLimit {

	private static final Log logger = MasterLog.of(SizeLimit.class);

	private final int configured;

	private boolean chosen;

	private ClusterView.@Nullable Limited limited;

	/**
	 * The generation that has proven itself.
	 */
	private int generation = 1;

	/**
	 * What the newest generation tells that has told anything.
	 */
	private ClusterView.@Nullable Limited candidate;

	private int candidateGeneration;

	private boolean warned;

	/**
	 * Create a limit that does not limit yet.
	 * @param configured how many workers there would be
	 * @param chosen whether a user has chosen that number
	 */
	SizeLimit(int configured, boolean chosen) {
		this.configured = configured;
		this.chosen = chosen;
	}

	/**
	 * A worker tells how many of it there can be.
	 * @param generation the worker's generation
	 * @param target how many workers there should be so far
	 * @param limited how many there can be
	 * @return how many there should be from now on
	 */
	int told(int generation, int target, ClusterView.Limited limited) {
		if (generation >= this.candidateGeneration) {
			this.candidate = limited;
			this.candidateGeneration = generation;
		}
		return (generation == this.generation) ? heed(limited, target) : target;
	}

	/**
	 * A generation replaces one whose workers were never ready: there is none that has
	 * proven itself better.
	 * @param generation the generation
	 */
	void beginsWith(int generation) {
		this.generation = generation;
	}

	/**
	 * A generation has proven itself. What it has told is heeded from now on; if that is
	 * nothing, there is no longer a limit.
	 * @param generation the generation
	 * @param target how many workers there should be so far
	 * @return how many there should be from now on
	 */
	int proven(int generation, int target) {
		this.generation = generation;
		return heed((generation == this.candidateGeneration) ? this.candidate : null, target);
	}

	private int heed(ClusterView.@Nullable Limited limited, int target) {
		if (limited != null) {
			warnOnce(target, limited);
		}
		if (this.chosen) {
			return target;
		}
		this.limited = limited;
		return (limited != null) ? Math.min(this.configured, Math.max(1, limited.to())) : this.configured;
	}

	private void warnOnce(int target, ClusterView.Limited limited) {
		if (target <= limited.to() || this.warned) {
			return;
		}
		this.warned = true;
		String remedy = this.chosen
				? "The cluster runs %d workers as it is told; use a database server, or set 'cluster.workers' to %d"
					.formatted(target, limited.to())
				: "The cluster keeps to %d instead of %d; use a database server to have more, or set "
					.formatted(limited.to(), target) + "'cluster.workers' to a number to have them all the same";
		logger.warn("%s. %s".formatted(capitalized(limited.because()), remedy));
	}

	private static String capitalized(String clause) {
		return clause.isEmpty() ? clause : Character.toUpperCase(clause.charAt(0)) + clause.substring(1);
	}

	/**
	 * An operator has chosen a number.
	 */
	void overrule() {
		this.chosen = true;
		this.limited = null;
	}

	/**
	 * Return the limit that is heeded.
	 * @return the limit, or {@code null} for none
	 */
	ClusterView.@Nullable Limited current() {
		return this.limited;
	}

}
