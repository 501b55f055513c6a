package io.github.clusterboot.bootstrap;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.ExitCodeGenerator;

/**
 * The master cannot start, for a reason that a user can mend. Ends in a failure report
 * and in exit code 1.
 */
final class ClusterStartException extends RuntimeException implements ExitCodeGenerator {

	private final String action;

	ClusterStartException(String description, String action, @Nullable Throwable cause) {
		super(description, cause);
		this.action = action;
	}

	String getAction() {
		return this.action;
	}

	@Override
	public int getExitCode() {
		return 1;
	}

}
