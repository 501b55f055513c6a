package io.github.clusterboot.master;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;

import org.awaitility.Awaitility;

/**
 * The lines that a process prints, which are kept in a file too. They are read by a
 * thread that ends with the output.
 */
final class OutputLines {

	private final List<String> lines = new CopyOnWriteArrayList<>();

	private final Thread reader;

	private OutputLines(Process process, Path file) {
		this.reader = new Thread(() -> read(process, file), "output-of-" + process.pid());
	}

	/**
	 * Begin to read.
	 * @param process the process, whose streams are one
	 * @param directory where a file with the process's id as its name is written
	 * @return the lines
	 * @throws IOException if the directory cannot be made
	 */
	static OutputLines of(Process process, Path directory) throws IOException {
		Files.createDirectories(directory);
		OutputLines output = new OutputLines(process, directory.resolve(process.pid() + ".log"));
		output.reader.start();
		return output;
	}

	private void read(Process process, Path file) {
		try (BufferedReader in = new BufferedReader(
				new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
				PrintWriter log = new PrintWriter(Files.newBufferedWriter(file), true)) {
			for (String line = in.readLine(); line != null; line = in.readLine()) {
				log.println(line);
				this.lines.add(line);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	List<String> all() {
		return List.copyOf(this.lines);
	}

	long count(String regex) {
		Pattern pattern = Pattern.compile(regex);
		return this.lines.stream().filter((line) -> pattern.matcher(line).find()).count();
	}

	/**
	 * Wait for a line.
	 * @param regex what the line contains
	 * @param timeout how long to wait
	 * @return the first such line
	 */
	String await(String regex, Duration timeout) {
		Pattern pattern = Pattern.compile(regex);
		return Awaitility.await("output '" + regex + "'")
			.atMost(timeout)
			.pollInterval(Duration.ofMillis(10))
			.until(() -> this.lines.stream().filter((line) -> pattern.matcher(line).find()).findFirst().orElse(null),
					(line) -> line != null);
	}

	void awaitEnd() throws InterruptedException {
		this.reader.join();
	}

}
