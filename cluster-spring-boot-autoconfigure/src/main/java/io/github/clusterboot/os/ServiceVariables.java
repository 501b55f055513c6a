package io.github.clusterboot.os;

import java.util.List;
import java.util.Map;

/**
 * The environment variables in which a service manager tells something to the process
 * that it has started, and to no other: see {@code sd_notify(3)},
 * {@code sd_listen_fds(3)} and {@code sd_watchdog_enabled(3)}. A process that inherited
 * them and took them for its own would speak for the whole service.
 */
public final class ServiceVariables {

	static final List<String> NAMES = List.of("NOTIFY_SOCKET", "LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES",
			"WATCHDOG_PID", "WATCHDOG_USEC");

	private ServiceVariables() {
	}

	/**
	 * Keep the variables from a process that is about to be started.
	 * @param environment the environment of that process
	 */
	public static void removeFrom(Map<String, String> environment) {
		NAMES.forEach(environment::remove);
	}

}
