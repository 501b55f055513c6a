package io.github.clusterboot.it.app;

import java.util.List;
import java.util.Map;

/**
 * What an application knows of its process.
 *
 * @param role the role of the process
 * @param id the worker's id
 * @param index the worker's index
 * @param pid the process id
 * @param localServerPort the property {@code local.server.port}
 * @param arguments the application's arguments
 * @param directory the working directory
 * @param environment the environment variables whose names begin with {@code IT_}
 */
public record ProcessReport(String role, int id, int index, long pid, int localServerPort, List<String> arguments,
		String directory, Map<String, String> environment) {

}
