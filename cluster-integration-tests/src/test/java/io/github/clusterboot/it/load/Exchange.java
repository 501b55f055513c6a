package io.github.clusterboot.it.load;

import java.time.Duration;
import java.time.Instant;

/**
 * A request and what became of it.
 *
 * @param traffic its kind
 * @param id its id
 * @param ending what became of it
 * @param status the status code, 0 without an answer
 * @param worker the id of the worker that answered, 0 without an answer
 * @param requestsBefore how many requests have been sent over the connection before
 * @param start before the connect, or the look whether the connection is still there
 * @param elapsed from the start to the end of the answer or the failure
 */
public record Exchange(Traffic traffic, String id, Ending ending, int status, int worker, int requestsBefore,
		Instant start, Duration elapsed) {

	public boolean isOk() {
		return this.ending == Ending.OK;
	}

	/**
	 * Return when the request ended.
	 * @return the time of the last byte, or of the failure
	 */
	public Instant end() {
		return this.start.plus(this.elapsed);
	}

}
