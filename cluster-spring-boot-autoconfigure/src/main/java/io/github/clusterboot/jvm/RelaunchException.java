package io.github.clusterboot.jvm;

import org.springframework.util.Assert;

/**
 * This JVM cannot be started a second time, so it cannot have workers.
 */
public final class RelaunchException extends Exception {

	private final String action;

	/**
	 * Create the exception.
	 * @param reason why, a clause
	 * @param action what the user can do about it, a sentence
	 */
	public RelaunchException(String reason, String action) {
		super(reason);
		Assert.hasText(reason, "'reason' must not be empty");
		Assert.hasText(action, "'action' must not be empty");
		this.action = action;
	}

	/**
	 * Return what the user can do about it.
	 * @return a sentence
	 */
	public String getAction() {
		return this.action;
	}

}
