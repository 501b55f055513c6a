package io.github.clusterboot.master.supervise;

import io.github.clusterboot.ExitReason;
import org.jspecify.annotations.Nullable;

/**
 * Why a worker is ending or has ended, as far as it is known. Used on the event loop
 * only.
 */
final class ExitCause {

	/**
	 * 128 + the number of {@code SIGTERM}, as {@link Process#exitValue()} tells it.
	 */
	static final int EXIT_CODE_TERMINATED = 143;

	private @Nullable ExitReason asked;

	private @Nullable ExitReason killed;

	private boolean leaving;

	/**
	 * Note why the worker is asked to end. The first reason stays.
	 * @param reason the reason
	 */
	void askedFor(ExitReason reason) {
		if (this.asked == null) {
			this.asked = reason;
		}
	}

	/**
	 * Return whether that is why the worker was asked to end.
	 * @param reason a reason
	 * @return whether it was the first
	 */
	boolean isAskedFor(ExitReason reason) {
		return this.asked == reason;
	}

	boolean isAsked() {
		return this.asked != null;
	}

	/**
	 * Note why the worker is killed. The last reason stays.
	 * @param reason the reason
	 */
	void killedFor(ExitReason reason) {
		this.killed = reason;
	}

	boolean isKilled() {
		return this.killed != null;
	}

	/**
	 * Return why the worker is killed.
	 * @return the reason, or {@code null} if it is not
	 */
	@Nullable ExitReason killedFor() {
		return this.killed;
	}

	/**
	 * Note whether the worker is going to end without having been asked.
	 * @param leaving whether it is
	 */
	void leaves(boolean leaving) {
		this.leaving = leaving;
	}

	/**
	 * Return whether the worker is going to end without having been asked.
	 * @return whether it is
	 */
	boolean isLeaving() {
		return this.leaving;
	}

	/**
	 * Return why the worker's process has ended.
	 * @param exitCode the process's exit code
	 * @param hasBeenReady whether the worker was ever ready
	 * @return the reason
	 */
	ExitReason reason(int exitCode, boolean hasBeenReady) {
		if (this.killed != null) {
			return this.killed;
		}
		if (this.asked != null) {
			return this.asked;
		}
		if (!hasBeenReady) {
			return ExitReason.START_FAILED;
		}
		return (exitCode == EXIT_CODE_TERMINATED || isOwnChoice(exitCode)) ? ExitReason.REQUESTED : ExitReason.CRASHED;
	}

	/**
	 * Return whether the application has ended in good order, without anybody outside it
	 * having asked: it has closed its context and left with exit code 0.
	 * @param exitCode the process's exit code
	 * @return whether that was the application's own choice
	 */
	boolean isOwnChoice(int exitCode) {
		return this.leaving && this.asked == null && this.killed == null && exitCode == 0;
	}

}
