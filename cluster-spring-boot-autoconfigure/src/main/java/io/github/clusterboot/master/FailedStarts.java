package io.github.clusterboot.master;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Draws the consequences of starts that fail in a row: where no worker has ever been
 * ready the master gives up, otherwise the generation may be rolled back. Used on the
 * event loop only.
 */
final class FailedStarts {

	private static final Log logger = LogFactory.getLog(FailedStarts.class);

	private static final int FAILED_STARTS_TO_GIVE_UP = 5;

	/**
	 * {@code EX_SOFTWARE} of {@code sysexits.h}.
	 */
	private static final int EXIT_CODE_GIVEN_UP = 70;

	private final Rollout rollout;

	private final Stop stop;

	private int failures;

	private boolean everReady;

	FailedStarts(Rollout rollout, Stop stop) {
		this.rollout = rollout;
		this.stop = stop;
	}

	/**
	 * A worker is ready.
	 */
	void ready() {
		this.everReady = true;
	}

	/**
	 * A start has succeeded.
	 * @param generation the generation of the worker
	 */
	void succeeded(int generation) {
		this.rollout.succeeded(generation);
	}

	/**
	 * A start has failed.
	 * @param generation the generation of the worker
	 * @param failure why, in words
	 */
	void failed(int generation, String failure) {
		this.failures++;
		if (this.everReady) {
			this.rollout.failed(generation, failure);
		}
		else if (this.failures >= FAILED_STARTS_TO_GIVE_UP) {
			logger.error("No worker was ever ready and " + this.failures
					+ " starts in a row have failed. The last failure: " + failure + "\n");
			this.stop.now(EXIT_CODE_GIVEN_UP, "No worker can be started");
		}
	}

	boolean isEverReady() {
		return this.everReady;
	}

}
