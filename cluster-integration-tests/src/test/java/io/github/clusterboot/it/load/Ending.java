package io.github.clusterboot.it.load;

/**
 * What can become of a request.
 */
public enum Ending {

	/**
	 * The whole answer came, with a status of 200 to 299, and it is the right one.
	 */
	OK,

	/**
	 * The connect was refused.
	 */
	REFUSED,

	/**
	 * The connection was reset, also before anything was sent.
	 */
	RESET,

	/**
	 * The stream ended before the whole answer had come, also before its first byte.
	 */
	SHORT,

	/**
	 * The whole answer was not there in time.
	 */
	TIMED_OUT,

	/**
	 * An answer with another status.
	 */
	NOT_2XX,

	/**
	 * The answer to another request, or a body that is not the one that was sent.
	 */
	WRONG;

	@Override
	public String toString() {
		return name().toLowerCase().replace('_', ' ');
	}

}
