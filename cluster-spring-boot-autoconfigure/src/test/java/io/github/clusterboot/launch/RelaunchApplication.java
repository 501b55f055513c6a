package io.github.clusterboot.launch;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;

import io.github.clusterboot.WorkerIdentity;
import io.github.clusterboot.jvm.RunningJvm;
import io.github.clusterboot.master.process.WorkerLaunch;
import io.netty.channel.epoll.Epoll;

/**
 * An application that starts itself again as a worker, which writes down how it was
 * started. Run by {@link JvmWorkerCommandLaunchTests}.
 */
final class RelaunchApplication {

	/**
	 * Property for the directory in which the worker writes.
	 */
	static final String REPORT = "test.report";

	/**
	 * Property that makes the application pass on other arguments than its own.
	 */
	static final String CHANGE_ARGUMENTS = "test.change-arguments";

	/**
	 * Property for the number of workers.
	 */
	static final String WORKERS = "test.workers";

	/**
	 * Variable for the directory in which the worker was told to start.
	 */
	private static final String DIRECTORY = "TEST_DIRECTORY";

	private RelaunchApplication() {
	}

	public static void main(String[] args) throws Exception {
		Path directory = Path.of(System.getProperty(REPORT));
		WorkerIdentity identity = WorkerIdentity.ofThisProcess();
		if (identity.id() == 0) {
			System.exit(startWorker(directory, args));
		}
		report(directory, args);
	}

	private static int startWorker(Path directory, String[] args) throws Exception {
		String[] passedOn = Boolean.getBoolean(CHANGE_ARGUMENTS) ? new String[] { "changed" } : args;
		WorkerLauncher launcher = WorkerLauncher.forThisProcess(passedOn,
				new WorkerOptions(Integer.getInteger(WORKERS, 1), List.of(), Map.of(), "off",
						Map.of("test.worker", "yes"), IdentityPlaceholders.NONE));
		ProcessBuilder builder = launcher.command().build(new WorkerLaunch(1, 0, 1, directory));
		builder.environment().put(DIRECTORY, (builder.directory() != null) ? builder.directory().getPath() : "none");
		return builder.inheritIO().start().waitFor();
	}

	private static void report(Path directory, String[] args) throws IOException {
		Properties report = new Properties();
		add(report, "argument", List.of(args));
		add(report, "option", ManagementFactory.getRuntimeMXBean().getInputArguments());
		add(report, "command", new ArrayList<>(RunningJvm.current().commandLine()));
		report.setProperty("class-path", System.getProperty("java.class.path"));
		report.setProperty("directory", Path.of("").toAbsolutePath().toString());
		report.setProperty("working-directory", System.getenv(DIRECTORY));
		report.setProperty("heap", String.valueOf(RunningJvm.current().memory().maximumHeap().toBytes()));
		report.setProperty("epoll", String.valueOf(Epoll.isAvailable()));
		try (OutputStream output = Files.newOutputStream(directory.resolve("report.properties"))) {
			report.store(output, null);
		}
	}

	private static void add(Properties report, String name, List<String> values) {
		for (int i = 0; i < values.size(); i++) {
			report.setProperty(name + "." + i, values.get(i));
		}
	}

}
