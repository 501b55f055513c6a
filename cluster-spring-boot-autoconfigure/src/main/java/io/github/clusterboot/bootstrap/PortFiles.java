package io.github.clusterboot.bootstrap;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

import io.github.clusterboot.ClusterView;
import io.github.clusterboot.environment.FileWriters;
import io.github.clusterboot.master.loop.MasterLog;
import io.github.clusterboot.master.loop.Steps;
import org.apache.commons.logging.Log;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.context.WebServerPortFileWriter;
import org.springframework.util.StringUtils;

/**
 * The files of the {@link WebServerPortFileWriter}s that an application was given before
 * it is run, in the master: it writes them with the port that it listens on, and deletes
 * them when it ends.
 */
final class PortFiles {

	private static final Log logger = MasterLog.of(PortFiles.class);

	/**
	 * Not by its class, which the master does not load.
	 */
	private static final String WRITER = "org.springframework.boot.web.server.context.WebServerPortFileWriter";

	private final List<File> files;

	private final Map<Path, Content> written = new ConcurrentHashMap<>();

	private PortFiles(List<File> files) {
		this.files = files;
	}

	/**
	 * Return the master's files.
	 * @param application the application
	 * @return what writes them
	 */
	static PortFiles of(SpringApplication application) {
		return new PortFiles(FileWriters.of(application, WRITER)
			.stream()
			.map(FileWriters::fileOf)
			.filter(Objects::nonNull)
			.toList());
	}

	/**
	 * Return whether there are such files.
	 * @return whether the application has been given a writer
	 */
	boolean exist() {
		return !this.files.isEmpty();
	}

	/**
	 * Write the port of a listener. A file system may keep the caller waiting.
	 * @param name the listener's name
	 * @param port its port
	 */
	void write(String name, int port) {
		for (File file : this.files) {
			if (name.equals(ClusterView.Listener.SERVER)) {
				write(file, port);
			}
			else if (name.equals(ClusterView.Listener.MANAGEMENT)) {
				write(management(file), port);
			}
		}
	}

	/**
	 * Delete what has been written, unless another process has written there since.
	 */
	void delete() {
		this.written
			.forEach((file, content) -> Steps.take("delete the port file " + file, () -> delete(file, content)));
	}

	private static void delete(Path file, Content content) throws IOException {
		if (Files.exists(file) && content.matches(Files.readString(file))) {
			Files.deleteIfExists(file);
		}
	}

	/**
	 * As the writer names the file of a context with a namespace.
	 */
	static File management(File file) {
		String extension = StringUtils.getFilenameExtension(file.getName());
		String name = StringUtils.stripFilenameExtension(file.getName());
		boolean upperCase = name.chars().noneMatch((ch) -> Character.isLetter(ch) && !Character.isUpperCase(ch));
		String namespace = upperCase ? ClusterView.Listener.MANAGEMENT.toUpperCase(Locale.ROOT)
				: ClusterView.Listener.MANAGEMENT;
		return new File(file.getParentFile(),
				name + "-" + namespace + (StringUtils.hasLength(extension) ? "." + extension : ""));
	}

	private void write(File file, int port) {
		try {
			Path path = file.toPath().toAbsolutePath();
			if (path.getParent() != null) {
				Files.createDirectories(path.getParent());
			}
			write(path, String.valueOf(port));
		}
		catch (IOException | RuntimeException ex) {
			logger.warn("Cannot create port file " + file, ex);
		}
	}

	/**
	 * A file that cannot be opened has nothing of this process's.
	 */
	private void write(Path file, String port) throws IOException {
		try (OutputStream out = Files.newOutputStream(file)) {
			this.written.put(file, new Content(port, false));
			out.write(port.getBytes(StandardCharsets.US_ASCII));
		}
		this.written.put(file, new Content(port, true));
	}

	/**
	 * What this process has written to a file.
	 *
	 * @param port the port
	 * @param complete whether the whole port was written. On a full disk the file may
	 * have a part of it, or nothing.
	 */
	private record Content(String port, boolean complete) {

		boolean matches(String read) {
			return this.complete ? this.port.equals(read) : this.port.startsWith(read);
		}

	}

}
