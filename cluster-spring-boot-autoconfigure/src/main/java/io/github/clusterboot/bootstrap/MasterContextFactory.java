package io.github.clusterboot.bootstrap;

import java.io.IOException;

import io.github.clusterboot.launch.WorkerLauncher;
import io.github.clusterboot.master.ClusterMaster;
import io.github.clusterboot.master.socket.ListenException;
import io.github.clusterboot.os.FileFailure;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.ApplicationContextFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Runs the master instead of creating an application's context, and ends the JVM with the
 * master's exit code. By then Spring Boot has printed the banner.
 */
final class MasterContextFactory implements ApplicationContextFactory {

	private final MasterDecision decision;

	private final SpringApplication application;

	private final ConfigurableEnvironment environment;

	MasterContextFactory(MasterDecision decision, SpringApplication application, ConfigurableEnvironment environment) {
		this.decision = decision;
		this.application = application;
		this.environment = environment;
	}

	/**
	 * Keep the environment as it is: another type would only be loaded for a context.
	 */
	@Override
	public Class<? extends ConfigurableEnvironment> getEnvironmentType(
			@Nullable WebApplicationType webApplicationType) {
		return this.environment.getClass();
	}

	@Override
	public ConfigurableApplicationContext create(@Nullable WebApplicationType webApplicationType) {
		this.decision.logWarnings();
		try (KeptAlive keptAlive = KeptAlive.whileInUse()) {
			ClusterMaster.exit(runMaster());
		}
		throw new IllegalStateException("The JVM has not ended");
	}

	/**
	 * Run the master. Its files are deleted when it has ended, whatever it ends with.
	 */
	int runMaster() {
		try (MasterFiles files = MasterFiles.of(this.application, this.environment);
				WorkerLauncher launcher = this.decision.launcher()) {
			launcher.awaitPrepared();
			return new ClusterMaster(this.decision.settings(), launcher.command(), launcher.observers(), files).run();
		}
		catch (ListenException ex) {
			throw ListenFailure.of(ex);
		}
		catch (IOException ex) {
			throw new ClusterStartException(
					"The master cannot make its run directory, or a file or socket of it: " + FileFailure.describe(ex),
					"Set the environment variable RUNTIME_DIRECTORY (systemd's RuntimeDirectory= does that) to a "
							+ "directory with room in it that belongs to this user, and to which, as to those above "
							+ "it, no other user can write; or give /tmp mode 1777, and room.",
					ex);
		}
	}

}
