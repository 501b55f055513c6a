package io.github.clusterboot.testapp;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.stereotype.Component;

/**
 * Records which requests this process begins to execute, by the ids that the client has
 * given them. Nothing is buffered, so that the record outlives a process that is killed.
 */
@Component
@ConditionalOnProperty("it.records")
class RequestRecords {

	static final String REQUEST_ID_HEADER = "X-Request-Id";

	// a FileChannel would be closed by the interrupt of any thread that writes
	private final FileOutputStream file;

	RequestRecords(@Value("${it.records}") Path directory) throws IOException {
		this.file = new FileOutputStream(directory.resolve(ProcessHandle.current().pid() + ".txt").toFile(), true);
	}

	void add(String id) {
		try {
			// one write of one line: whole lines, whatever other threads do
			this.file.write((id + "\n").getBytes(StandardCharsets.US_ASCII));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
