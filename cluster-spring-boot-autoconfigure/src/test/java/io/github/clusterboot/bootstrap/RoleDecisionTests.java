package io.github.clusterboot.bootstrap;

import java.time.Duration;
import java.util.List;

import io.github.clusterboot.Scheduling;
import io.github.clusterboot.master.MasterSettings;
import io.github.clusterboot.master.WorkerCommand;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.ApplicationContextFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
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
		decision.contextPrepared(this.environment);
		assertThat(output).containsOnlyOnce("it is Monday. Wait.");
	}

	@Test
	void contextPreparedWhenNoClusterWasAskedForIsSilent(CapturedOutput output) {
		StandaloneDecision.NOT_ASKED_FOR.apply(this.application, this.environment);
		StandaloneDecision.NOT_ASKED_FOR.contextPrepared(this.environment);
		assertThat(output).doesNotContain(StandaloneDecision.class.getSimpleName());
		then(this.application).shouldHaveNoInteractions();
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
		MasterSettings settings = new MasterSettings(2, true, 1, Scheduling.ROUND_ROBIN, 1024, timeout, drainTimeout,
				timeout, timeout, new MasterSettings.Restart(Duration.ZERO, 1, Duration.ZERO, Duration.ZERO),
				MasterSettings.Recycling.NONE);
		return new MasterDecision(settings, mock(WorkerCommand.class), List.of("Too much memory"));
	}

}
