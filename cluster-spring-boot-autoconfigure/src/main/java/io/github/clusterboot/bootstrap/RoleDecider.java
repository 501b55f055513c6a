package io.github.clusterboot.bootstrap;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import io.github.clusterboot.autoconfigure.ClusterProperties;
import io.github.clusterboot.master.ClusterMaster;
import io.github.clusterboot.master.MasterSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.ansi.AnsiColor;
import org.springframework.boot.ansi.AnsiOutput;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Decides the role of an application whose environment is known.
 */
final class RoleDecider {

	/**
	 * For each server that has an adapter the class of Spring Boot by which it is known.
	 */
	private static final List<String> SERVERS = List.of("org.springframework.boot.tomcat.TomcatWebServerFactory",
			"org.springframework.boot.jetty.JettyWebServerFactory",
			"org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory");

	private static final String ANSI_ENABLED = "spring.output.ansi.enabled";

	private final MasterCandidate candidate;

	private final ClassPath classPath;

	private final Supplier<@Nullable Throwable> unavailabilityCause;

	private final CommandFactory commandFactory;

	RoleDecider(MasterCandidate candidate, ClassPath classPath, Supplier<@Nullable Throwable> unavailabilityCause,
			CommandFactory commandFactory) {
		this.candidate = candidate;
		this.classPath = classPath;
		this.unavailabilityCause = unavailabilityCause;
		this.commandFactory = commandFactory;
	}

	/**
	 * Return a decider for the application that the current thread runs.
	 * @return the decider, to be used at once
	 */
	static RoleDecider ofCurrentThread() {
		return new RoleDecider(MasterCandidate.ofCurrentThread(), ClassPath.ofCurrentThread(),
				RoleDecider::platformUnavailabilityCause, JvmWorkerCommand::forThisProcess);
	}

	/**
	 * Not a reference to the master's method, which would load the master in any role.
	 */
	private static @Nullable Throwable platformUnavailabilityCause() {
		try {
			return ClusterMaster.unavailabilityCause();
		}
		catch (LinkageError ex) {
			return ex;
		}
	}

	RoleDecision decide(SpringApplication application, String[] arguments, ConfigurableEnvironment environment) {
		if (this.candidate.isWorker()) {
			return new WorkerDecision();
		}
		if (!this.candidate.claimDecision() || !this.candidate.isEligible()) {
			return StandaloneDecision.NOT_ASKED_FOR;
		}
		try {
			return decide(webApplicationType(application, environment), arguments, environment);
		}
		catch (ClusterStartException ex) {
			return new UnusableDecision(ex);
		}
	}

	/**
	 * {@code spring.main.*} has not been bound to the application yet.
	 */
	private @Nullable WebApplicationType webApplicationType(SpringApplication application,
			ConfigurableEnvironment environment) {
		try {
			return Binder.get(environment)
				.bind("spring.main.web-application-type", WebApplicationType.class)
				.orElseGet(application::getWebApplicationType);
		}
		catch (BindException ex) {
			// Spring Boot fails for it in its own words
			return application.getWebApplicationType();
		}
	}

	private RoleDecision decide(@Nullable WebApplicationType type, String[] arguments,
			ConfigurableEnvironment environment) {
		ClusterPropertiesReader reader = new ClusterPropertiesReader(environment);
		boolean web = type != null && type != WebApplicationType.NONE;
		if (!reader.isEnabled() || (!web && !reader.isWorkersSet()) || reader.readWorkers() == 0) {
			return StandaloneDecision.NOT_ASKED_FOR;
		}
		ClusterProperties properties = reader.read();
		if (web && SERVERS.stream().noneMatch(this.classPath::contains)) {
			return StandaloneDecision.because(
					"only Tomcat, Jetty and Reactor Netty can serve the connections of a cluster",
					"Use spring-boot-starter-tomcat, spring-boot-starter-jetty or spring-boot-starter-reactor-netty, "
							+ "or set 'cluster.enabled' to false.");
		}
		Throwable unavailable = this.unavailabilityCause.get();
		if (unavailable != null) {
			NativeTransportFailure failure = NativeTransportFailure.of(unavailable);
			return StandaloneDecision.because(failure.reason(), failure.action());
		}
		return decide(properties, reader.readWorkers(), arguments, environment);
	}

	private RoleDecision decide(ClusterProperties properties, int workers, String[] arguments,
			ConfigurableEnvironment environment) {
		ClusterProperties.Worker worker = properties.getWorker();
		WorkerOptions options = new WorkerOptions(workers, worker.getJvmArgs(), worker.getEnvironment(),
				worker.getCache(), ansiProperties(environment), IdentityPlaceholders.of(environment));
		try {
			JvmWorkerCommand command = this.commandFactory.create(arguments, options);
			return new MasterDecision(toSettings(properties, workers), command, command.warnings());
		}
		catch (RelaunchException ex) {
			return StandaloneDecision.because(ex.getMessage(), ex.getAction());
		}
	}

	/**
	 * Workers write to a pipe, so they would not find the terminal that the master writes
	 * to.
	 */
	private Map<String, String> ansiProperties(ConfigurableEnvironment environment) {
		boolean terminal = !AnsiOutput.encode(AnsiColor.DEFAULT).isEmpty();
		boolean detect = "detect".equalsIgnoreCase(environment.getProperty(ANSI_ENABLED, "detect"));
		return (terminal && detect) ? Map.of(ANSI_ENABLED, "always") : Map.of();
	}

	private MasterSettings toSettings(ClusterProperties properties, int workers) {
		ClusterProperties.Worker worker = properties.getWorker();
		ClusterProperties.Restart restart = properties.getRestart();
		return new MasterSettings(workers, worker.isFirstAlone(), concurrentStarts(), properties.getScheduling(),
				properties.getBacklog(), worker.getStartTimeout(), worker.getDrainTimeout(),
				worker.getHeartbeatTimeout(), properties.getShutdown().getTimeout(),
				new MasterSettings.Restart(restart.getInitialDelay(), restart.getMultiplier(), restart.getMaxDelay(),
						restart.getResetAfter()),
				new MasterSettings.Recycling(worker.getMaxRequests(), worker.getMaxLifetime(),
						(worker.getMaxMemory() != null) ? worker.getMaxMemory().toBytes() : 0));
	}

	/**
	 * A start keeps two processors busy.
	 */
	private static int concurrentStarts() {
		return Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
	}

	/**
	 * Creates the command line of the workers.
	 */
	@FunctionalInterface
	interface CommandFactory {

		JvmWorkerCommand create(String[] arguments, WorkerOptions options) throws RelaunchException;

	}

}
