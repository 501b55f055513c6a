package io.github.clusterboot.archive;

import java.io.IOException;

/**
 * Thrown if a {@link BackgroundCommand} has ended with an exit code of its own other than
 * 0. If it cannot be started, is killed or takes too long, that says nothing about it.
 */
final class CommandFailedException extends IOException {

	CommandFailedException(String message) {
		super(message);
	}

}
