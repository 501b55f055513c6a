package io.github.clusterboot.launch;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the workers' command line has beyond the master's.
 *
 * @param workers the number of workers, among whom the memory is divided
 * @param jvmArgs JVM options that follow the inherited ones; placeholders of a worker's
 * identity may have been put off
 * @param environment environment variables that are added to the inherited ones or
 * replace them; as above
 * @param cache where archives of loaded classes are kept: {@code auto}, {@code off} or a
 * folder
 * @param systemProperties system properties of every worker, in the order in which they
 * are written
 * @param placeholders resolves what was put off
 */
public record WorkerOptions(int workers, List<String> jvmArgs, Map<String, String> environment, String cache,
		Map<String, String> systemProperties, IdentityPlaceholders placeholders) {

	public WorkerOptions {
		jvmArgs = List.copyOf(jvmArgs);
		environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
		systemProperties = Collections.unmodifiableMap(new LinkedHashMap<>(systemProperties));
	}

}
