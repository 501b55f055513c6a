package io.github.clusterboot.bootstrap;

import org.springframework.util.Assert;

/**
 * This JVM cannot be started a second time, so it cannot have workers.
 */
final class RelaunchException extends Exception {

	private final String action;

	RelaunchException(String reason, String action) {
		super(reason);
		Assert.hasText(reason, "'reason' must not be empty");
		Assert.hasText(action, "'action' must not be empty");
		this.action = action;
	}

	/**
	 * Return what the user can do about it.
	 * @return a sentence
	 */
	String getAction() {
		return this.action;
	}

}
