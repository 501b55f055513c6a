package io.github.clusterboot.master.loop;

import org.apache.commons.logging.Log;

/**
 * Takes steps that may fail with any {@link Throwable}, so that one that fails does not
 * keep the next from being taken: an {@link InternalError} is what the JVM makes of a
 * page of a mapped file that cannot be read, and an {@link OutOfMemoryError} also says
 * that no thread can be made.
 */
public final class Steps {

	private static final Log logger = MasterLog.of(Steps.class);

	private Steps() {
	}

	/**
	 * Take a step. If it fails, that is logged.
	 * @param what the step as a verb and its object, for the log
	 * @param step the step
	 * @return whether it was taken
	 */
	public static boolean take(String what, Step step) {
		try {
			step.take();
			return true;
		}
		catch (Throwable ex) {
			report(what, ex);
			return false;
		}
	}

	private static void report(String what, Throwable failure) {
		try {
			logger.error("Failed to " + what, failure);
		}
		catch (Throwable ex) {
			// most likely there is no memory: the next step may need none
		}
	}

	/**
	 * A step that may fail.
	 */
	@FunctionalInterface
	public interface Step {

		void take() throws Exception;

	}

}
