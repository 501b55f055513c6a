package io.github.clusterboot.bootstrap;

import java.time.Duration;
import java.util.List;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.github.clusterboot.launch.WorkerLauncher;
import io.github.clusterboot.master.supervise.MasterSettings;
import io.github.clusterboot.Scheduling;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;

import org.springframework.boot.ApplicationContextFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.ArgumentMatchers.assertArg;
import static org.mockito.BDDMockito.then;
import static org.mockito.Mockito.mock;

/**
 * Tests for the implementations of {@link RoleDecision}.
 */
@ExtendWith(OutputCaptureExtension.class)
class RoleDecisionTests {

	private final MockEnvironment environment = new MockEnvironment();

	private final SpringApplication application = mock(SpringApplication.class);

	@AfterEach
	void release() {
		MasterBackgroundPreinitializer.release();
	}

	@Test
	void contextPreparedWhenClusterWasAskedForWarnsOnce(CapturedOutput output) {
		StandaloneDecision decision = StandaloneDecision.because("it is Monday", "Wait.");
		decision.apply(this.application, this.environment);
		assertThat(output).doesNotContain("it is Monday");
		decision.contextPrepared(this.application, new GenericApplicationContext());
		assertThat(output).containsOnlyOnce("WARN").containsOnlyOnce("it is Monday. Wait.");
	}

	/**
	 * Fault A5.
	 */
	@Test
	void contextPreparedWhenNoClusterWasAskedForSaysWhyAtDebugLevel(CapturedOutput output) {
		Logger logger = (Logger) LoggerFactory.getLogger(StandaloneDecision.class);
		Level level = logger.getLevel();
		StandaloneDecision decision = StandaloneDecision.expected("it is Sunday");
		decision.apply(this.application, this.environment);
		then(this.application).shouldHaveNoInteractions();
		try {
			logger.setLevel(Level.INFO);
			decision.contextPrepared(this.application, new GenericApplicationContext());
			assertThat(output).doesNotContain("it is Sunday");
			logger.setLevel(Level.DEBUG);
			decision.contextPrepared(this.application, new GenericApplicationContext());
			assertThat(output).containsOnlyOnce("it is Sunday").doesNotContain("WARN");
		}
		finally {
			logger.setLevel(level);
		}
	}

	/**
	 * Fault A5.
	 */
	@Test
	void logWarningsWhenContextOfEarlierApplicationIsOpenNamesIt(CapturedOutput output) {
		try (GenericApplicationContext open = new GenericApplicationContext();
				GenericApplicationContext closed = new GenericApplicationContext()) {
			open.setDisplayName("Migration");
			closed.setDisplayName("Wizard");
			for (GenericApplicationContext context : List.of(open, closed)) {
				StandaloneDecision.preliminary("it is a job", "", false).contextPrepared(this.application, context);
				context.refresh();
			}
			closed.close();
			master(Duration.ofSeconds(59)).logWarnings();
			assertThat(output).containsOnlyOnce("still open in the process that becomes the master (Migration)");
		}
	}

	@Test
	void applyWhenUnusableThrowsTheFailure() {
		ClusterStartException failure = new ClusterStartException("Broken", "Mend it.", null);
		assertThatExceptionOfType(ClusterStartException.class)
			.isThrownBy(() -> new UnusableDecision(failure).apply(this.application, this.environment))
			.isSameAs(failure);
	}

	@Test
	void applyWhenMasterKeepsTheEnvironmentsType() {
		master(Duration.ofSeconds(30)).apply(this.application, this.environment);
		then(this.application).should()
			.setApplicationContextFactory(assertArg((factory) -> assertEnvironmentType(factory)));
	}

	private void assertEnvironmentType(ApplicationContextFactory factory) {
		assertThat(factory.getEnvironmentType(null)).isEqualTo(MockEnvironment.class);
	}

	@Test
	void prepareWhenMasterTellsItFromTheFirstWorker() {
		master(Duration.ofSeconds(30)).prepare(this.environment);
		assertThat(this.environment.getProperty("cluster.worker.index")).isEqualTo("master");
	}

	@Test
	void logWarningsWhenDrainIsShorterThanShutdownLogsTheCommandsWarningsOnly(CapturedOutput output) {
		master(Duration.ofSeconds(59)).logWarnings();
		assertThat(output).containsOnlyOnce("Too much memory").doesNotContain("cluster.worker.drain-timeout");
	}

	@Test
	void logWarningsWhenDrainIsNotShorterThanShutdownNamesBoth(CapturedOutput output) {
		master(Duration.ofMillis(60500)).logWarnings();
		assertThat(output).containsOnlyOnce(
				"cluster.worker.drain-timeout (60500ms) is not shorter than cluster.shutdown.timeout (60s)");
	}

	private MasterDecision master(Duration drainTimeout) {
		Duration timeout = Duration.ofSeconds(60);
		MasterSettings settings = new MasterSettings(new MasterSettings.Size(2, true, true, 1), Scheduling.ROUND_ROBIN,
				1024, timeout, drainTimeout, timeout, timeout,
				new MasterSettings.Restart(Duration.ZERO, 1, Duration.ZERO, Duration.ZERO),
				MasterSettings.Recycling.NONE);
		return new MasterDecision(settings, mock(WorkerLauncher.class), List.of("Too much memory"));
	}

}
