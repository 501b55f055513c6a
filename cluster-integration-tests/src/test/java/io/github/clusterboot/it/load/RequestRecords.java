package io.github.clusterboot.it.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What the workers have recorded: how often each request was executed.
 *
 * @param executions how often, by the request's id
 */
record RequestRecords(Map<String, Integer> executions) {

	/**
	 * Read the records.
	 * @param directory the directory that has a file of each worker's process
	 * @return the records as they are now
	 */
	static RequestRecords in(Path directory) {
		Map<String, Integer> executions = new HashMap<>();
		try (Stream<Path> files = Files.list(directory)) {
			for (Path file : files.toList()) {
				Files.readAllLines(file).forEach((id) -> executions.merge(id, 1, Integer::sum));
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return new RequestRecords(executions);
	}

	int executionsOf(Exchange exchange) {
		return this.executions.getOrDefault(exchange.id(), 0);
	}

	List<Exchange> executed(List<Exchange> exchanges, int atLeast) {
		return exchanges.stream().filter((exchange) -> executionsOf(exchange) >= atLeast).toList();
	}

}
