package io.github.clusterboot.master;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.clusterboot.Scheduling;
import io.github.clusterboot.master.dispatch.ListenObserver;
import io.github.clusterboot.master.process.WorkerLaunch;
import io.github.clusterboot.master.supervise.MasterSettings;
import io.github.clusterboot.os.NativeTransport;
import io.github.clusterboot.worker.PlainWorker;

/**
 * A master without Spring, whose settings are system properties. See
 * {@link MasterRunner}.
 */
public final class PlainMaster {

	static final String WORKER_OPTIONS = "plain.worker-options";

	static final String UNSTARTABLE = "plain.unstartable";

	private PlainMaster() {
	}

	/**
	 * Run the master.
	 * @param args ignored
	 * @throws IOException if the master cannot start
	 */
	public static void main(String[] args) throws IOException {
		// as the decision on the role does
		NativeTransport.load();
		MasterSettings settings = new MasterSettings(
				new MasterSettings.Size(Integer.getInteger("workers"), true, Boolean.getBoolean("firstAlone"),
						Integer.getInteger("concurrentStarts")),
				Scheduling.valueOf(System.getProperty("scheduling")), Integer.getInteger("backlog"),
				duration("startTimeout"), duration("drainTimeout"), duration("heartbeatTimeout"),
				duration("shutdownTimeout"),
				new MasterSettings.Restart(duration("initialDelay"),
						Double.parseDouble(System.getProperty("multiplier")), duration("maxDelay"),
						duration("resetAfter")),
				new MasterSettings.Recycling(Long.getLong("maxRequests"), duration("maxLifetime"),
						Long.getLong("maxMemory")));
		System.exit(new ClusterMaster(settings, PlainMaster::command, List.of(), ListenObserver.NONE).run());
	}

	private static Duration duration(String property) {
		return Duration.parse(System.getProperty(property));
	}

	private static ProcessBuilder command(WorkerLaunch launch) {
		if (Boolean.getBoolean(UNSTARTABLE)) {
			return new ProcessBuilder("/nonexistent/java");
		}
		List<String> options = new ArrayList<>();
		launch.systemProperties().forEach((name, value) -> options.add("-D" + name + "=" + value));
		options.addAll(options(WORKER_OPTIONS));
		options.addAll(options(WORKER_OPTIONS + "." + launch.index()));
		return new ProcessBuilder(ChildJvm.command(PlainWorker.class, options));
	}

	private static List<String> options(String property) {
		String options = System.getProperty(property, "");
		return options.isEmpty() ? List.of() : List.of(options.split(" "));
	}

}
