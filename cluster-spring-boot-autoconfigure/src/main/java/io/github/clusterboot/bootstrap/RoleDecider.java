package io.github.clusterboot.bootstrap;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import io.github.clusterboot.autoconfigure.ClusterProperties;
import io.github.clusterboot.jvm.RelaunchException;
import io.github.clusterboot.launch.IdentityPlaceholders;
import io.github.clusterboot.launch.WorkerLauncher;
import io.github.clusterboot.launch.WorkerOptions;
import io.github.clusterboot.master.ClusterMaster;
import io.github.clusterboot.master.supervise.MasterSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.ansi.AnsiColor;
import org.springframework.boot.ansi.AnsiOutput;
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

	private final LauncherFactory launcherFactory;

	private final ExpectedChildren children;

	RoleDecider(MasterCandidate candidate, ClassPath classPath, Supplier<@Nullable Throwable> unavailabilityCause,
			LauncherFactory launcherFactory, ExpectedChildren children) {
		this.candidate = candidate;
		this.classPath = classPath;
		this.unavailabilityCause = unavailabilityCause;
		this.launcherFactory = launcherFactory;
		this.children = children;
	}

	/**
	 * Return a decider for the application that the current thread runs.
	 * @return the decider, to be used at once
	 */
	static RoleDecider ofCurrentThread() {
		return new RoleDecider(MasterCandidate.ofCurrentThread(), ClassPath.ofCurrentThread(),
				RoleDecider::platformUnavailabilityCause, WorkerLauncher::forThisProcess, ExpectedChildren.OF_THIS_JVM);
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
		ApplicationKind kind = new ApplicationKind(application, environment, this.classPath);
		ClusterPropertiesReader reader = new ClusterPropertiesReader(environment);
		try {
			if (this.candidate.isWorker()) {
				return decideInWorker(application, kind, reader);
			}
			return decide(kind, reader, arguments, environment);
		}
		catch (ClusterStartException ex) {
			return new UnusableDecision(ex);
		}
	}

	/**
	 * The parent of another application does not serve: it is the child that has the web
	 * server.
	 */
	private RoleDecision decideInWorker(SpringApplication application, ApplicationKind kind,
			ClusterPropertiesReader reader) {
		if (this.candidate.isNested()) {
			return new WorkerDecision(false);
		}
		if (this.candidate.isParentOfAnother()) {
			this.children.expect();
			return new WorkerDecision(false);
		}
		boolean serves = kind.serverAbsence() == null || reader.isNonWeb();
		this.children.check(application, serves);
		return new WorkerDecision(serves);
	}

	private RoleDecision decide(ApplicationKind kind, ClusterPropertiesReader reader, String[] arguments,
			ConfigurableEnvironment environment) {
		Obstacle obstacle = this.candidate.obstacle();
		if (obstacle != null && !obstacle.surprising()) {
			return StandaloneDecision.expected(obstacle.reason());
		}
		if (this.candidate.isNested()) {
			return nested(kind, reader);
		}
		String serverAbsence = serverAbsence(kind);
		if (serverAbsence != null && !(reader.isEnabled() && reader.isNonWeb())) {
			return notWeb(serverAbsence, kind, reader);
		}
		if (!this.candidate.claimDecision()) {
			return StandaloneDecision.expected("another application has decided the role of this JVM");
		}
		if (obstacle != null) {
			return reader.isAskedFor() ? StandaloneDecision.because(obstacle.reason(), obstacle.action())
					: StandaloneDecision.expected(obstacle.reason());
		}
		if (!reader.isEnabled()) {
			return StandaloneDecision.expected("'cluster.enabled' is false");
		}
		if (reader.readWorkers() == 0) {
			return StandaloneDecision.expected("'cluster.workers' is 0");
		}
		return decide(serverAbsence == null, reader, arguments, environment);
	}

	/**
	 * The bootstrap contexts of Spring Cloud have no web server, so their user expects
	 * nothing else. If the role of the JVM has been decided, its user has been told.
	 */
	private RoleDecision nested(ApplicationKind kind, ClusterPropertiesReader reader) {
		String reason = "it runs inside the start of another application";
		boolean warns = !this.candidate.isDecided() && kind.serverAbsence() == null && reader.isAskedFor();
		return warns ? StandaloneDecision.because(reason,
				"Run it when SpringApplication.run of the other one has returned, or set 'cluster.enabled' to false.")
				: StandaloneDecision.expected(reason);
	}

	/**
	 * The parent of another application is made by the JVM's role, too, and must not be
	 * created in a master. Its child can only be known by what holds for all.
	 */
	private @Nullable String serverAbsence(ApplicationKind kind) {
		return this.candidate.isParentOfAnother() ? kind.serverAbsenceByDefault() : kind.serverAbsence();
	}

	/**
	 * An application without a web server, such as a job or a step before the web
	 * application, runs once, whatever its environment sets. A user who asks for a
	 * cluster on that application's own command line is told, unless only its code has
	 * made it one without a web server: the next application may have the same arguments
	 * and get the cluster.
	 */
	private RoleDecision notWeb(String serverAbsence, ApplicationKind kind, ClusterPropertiesReader reader) {
		boolean warns = kind.serverAbsenceByDefault() != null && reader.isAskedForOnCommandLine();
		return StandaloneDecision.preliminary(serverAbsence,
				"Set 'cluster.non-web' to true to run it as a cluster all the same.", warns);
	}

	private RoleDecision decide(boolean web, ClusterPropertiesReader reader, String[] arguments,
			ConfigurableEnvironment environment) {
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
		return decide(properties, reader, arguments, environment);
	}

	private RoleDecision decide(ClusterProperties properties, ClusterPropertiesReader reader, String[] arguments,
			ConfigurableEnvironment environment) {
		int workers = reader.readWorkers();
		ClusterProperties.Worker worker = properties.getWorker();
		WorkerOptions options = new WorkerOptions(workers, worker.getJvmArgs(), worker.getEnvironment(),
				worker.getCache(), ansiProperties(environment), IdentityPlaceholders.of(environment));
		try {
			WorkerLauncher launcher = this.launcherFactory.create(arguments, options);
			return new MasterDecision(toSettings(properties, workers, !reader.isSizedByProcessors()), launcher,
					launcher.warnings());
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

	private MasterSettings toSettings(ClusterProperties properties, int workers, boolean chosen) {
		ClusterProperties.Worker worker = properties.getWorker();
		ClusterProperties.Restart restart = properties.getRestart();
		return new MasterSettings(new MasterSettings.Size(workers, chosen, worker.isFirstAlone(), concurrentStarts()),
				properties.getScheduling(), properties.getBacklog(), worker.getStartTimeout(), worker.getDrainTimeout(),
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
	 * Creates what workers are started with.
	 */
	@FunctionalInterface
	interface LauncherFactory {

		WorkerLauncher create(String[] arguments, WorkerOptions options) throws RelaunchException;

	}

}
