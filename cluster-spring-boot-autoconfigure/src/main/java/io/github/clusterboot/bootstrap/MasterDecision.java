package io.github.clusterboot.bootstrap;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;

import io.github.clusterboot.environment.PidFile;
import io.github.clusterboot.launch.WorkerLauncher;
import io.github.clusterboot.master.supervise.MasterSettings;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * The process becomes the master.
 *
 * @param settings the settings that the master works by
 * @param launcher what its workers are started with
 * @param warnings what the user should know of that
 */
record MasterDecision(MasterSettings settings, WorkerLauncher launcher, List<String> warnings) implements RoleDecision {

	private static final Log logger = LogFactory.getLog(MasterDecision.class);

	@Override
	public void prepare(ConfigurableEnvironment environment) {
		this.launcher.prepare();
		WorkerIdentityDefaults.ofMaster(environment);
		MasterBackgroundPreinitializer.hold();
	}

	@Override
	public void apply(SpringApplication application, ConfigurableEnvironment environment) {
		new PidFile(application).write(environment);
		application.setApplicationContextFactory(new MasterContextFactory(this, application, environment));
	}

	/**
	 * An application that creates its context in a way of its own has got here.
	 */
	@Override
	public void contextPrepared(SpringApplication application, ConfigurableApplicationContext context) {
		new MasterContextFactory(this, application, context.getEnvironment()).create(null);
	}

	/**
	 * Log what the user should know before the master starts.
	 */
	void logWarnings() {
		this.warnings.forEach(logger::warn);
		List<String> earlier = EarlierContexts.open();
		if (!earlier.isEmpty()) {
			logger.warn(("Contexts of earlier applications are still open in the process that becomes the master (%s): "
					+ "what they hold serves no request, and each worker opens them once more. Close them before the "
					+ "web application is run, or make them its parent by SpringApplicationBuilder.parent(Class)")
				.formatted(String.join(", ", earlier)));
		}
		Duration drain = this.settings.drainTimeout();
		Duration shutdown = this.settings.shutdownTimeout();
		if (drain.compareTo(shutdown) >= 0) {
			logger.warn(("cluster.worker.drain-timeout (%s) is not shorter than cluster.shutdown.timeout (%s): "
					+ "when the cluster stops, workers may be killed before they have drained")
				.formatted(format(drain), format(shutdown)));
		}
	}

	private String format(Duration duration) {
		boolean seconds = duration.toMillis() % 1000 == 0;
		return DurationStyle.SIMPLE.print(duration, seconds ? ChronoUnit.SECONDS : ChronoUnit.MILLIS);
	}

}
