package io.github.clusterboot.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * An environment variable by which every process that an application has started can be
 * found, also after its parent is gone: a child inherits it, see {@code environ} in
 * {@code proc(5)}.
 *
 * @param value what the variable is set to
 */
record ProcessMark(String value) {

	private static final String NAME = "CLUSTER_IT_MARK";

	static ProcessMark create() {
		return new ProcessMark(UUID.randomUUID().toString());
	}

	void applyTo(Map<String, String> environment) {
		environment.put(NAME, this.value);
	}

	/**
	 * Return the processes that carry the mark.
	 * @return the processes that live, zombies not included
	 */
	List<ProcessHandle> processes() {
		List<ProcessHandle> processes = new ArrayList<>();
		try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
			for (Path entry : entries) {
				if (isMarked(entry)) {
					ProcessHandle.of(Long.parseLong(entry.getFileName().toString())).ifPresent(processes::add);
				}
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return processes;
	}

	private boolean isMarked(Path process) {
		try {
			String environment = new String(Files.readAllBytes(process.resolve("environ")),
					StandardCharsets.ISO_8859_1);
			return environment.contains(NAME + "=" + this.value);
		}
		catch (IOException ex) {
			// It has ended, or it is another user's.
			return false;
		}
	}

}
