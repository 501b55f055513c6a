package io.github.clusterboot.master.supervise;

import java.util.regex.Pattern;

import io.github.clusterboot.master.loop.MasterLog;
import org.apache.commons.logging.Log;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether workers fail to start for one and the same reason while another one
 * serves, as they do if the application holds something that can exist only once on a
 * host. Used on the event loop only.
 */
final class StartDiagnosis {

	/**
	 * How many failures in a row are enough.
	 */
	static final int FAILURES = 3;

	private static final Log logger = MasterLog.of(StartDiagnosis.class);

	/**
	 * Process ids, times and the like differ from one failure to the next.
	 */
	private static final Pattern NUMBER = Pattern.compile("\\d+");

	private static final String UNKNOWN = "";

	private String reason = UNKNOWN;

	private int count;

	/**
	 * A start has failed.
	 * @param reason the root cause
	 * @param othersServe whether another worker is ready
	 * @return whether this is one more failure of those that have been diagnosed
	 */
	boolean failed(@Nullable String reason, boolean othersServe) {
		boolean known = isMade();
		String general = (reason != null) ? NUMBER.matcher(reason).replaceAll("#") : UNKNOWN;
		this.count = (othersServe && !general.isEmpty()) ? (general.equals(this.reason) ? this.count + 1 : 1) : 0;
		this.reason = general;
		if (this.count == FAILURES) {
			logger.warn(("Workers fail to start while another one serves, %d times in a row for the same reason: %s. "
					+ "If that is something that can exist only once on this host (a file, a lock, a fixed port), "
					+ "give each worker its own with ${cluster.worker.index}, or set 'cluster.workers' to 1. "
					+ "Until it succeeds, each further attempt is told in one line.")
				.formatted(FAILURES, reason));
		}
		return known && isMade();
	}

	/**
	 * A worker has become ready.
	 */
	void succeeded() {
		this.count = 0;
	}

	/**
	 * Return whether the workers that are missing cannot be started.
	 * @return whether the same failure has come often enough
	 */
	boolean isMade() {
		return this.count >= FAILURES;
	}

}
