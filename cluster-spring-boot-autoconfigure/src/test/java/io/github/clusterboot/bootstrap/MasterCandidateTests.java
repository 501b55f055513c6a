package io.github.clusterboot.bootstrap;

import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MasterCandidate}.
 */
class MasterCandidateTests {

	private static final Map<String, String> WORKER = Map.of("cluster.worker.id", "1", "cluster.worker.index", "0",
			"cluster.worker.generation", "1");

	private final AtomicBoolean decided = new AtomicBoolean();

	@Test
	void isWorkerWhenIdentityIsThereIsTrue() {
		assertThat(candidate(TestCallStacks.inMain(), WORKER).isWorker()).isTrue();
	}

	@Test
	void isWorkerWhenIdentityIsIncompleteIsFalse() {
		assertThat(candidate(TestCallStacks.inMain(), Map.of("cluster.worker.id", "1")).isWorker()).isFalse();
		assertThat(candidate(TestCallStacks.inMain()).isWorker()).isFalse();
	}

	@Test
	void claimDecisionWhenSecondApplicationIsFalse() {
		assertThat(candidate(TestCallStacks.inMain()).claimDecision()).isTrue();
		assertThat(candidate(TestCallStacks.inMain()).claimDecision()).isFalse();
	}

	@Test
	void claimDecisionWhenNestedLeavesItToTheOuterApplication() {
		assertThat(candidate(TestCallStacks.nested()).claimDecision()).isFalse();
		assertThat(candidate(TestCallStacks.inMain()).claimDecision()).isTrue();
	}

	@Test
	void isEligibleWhenInMainIsTrue() {
		assertThat(candidate(TestCallStacks.inMain()).isEligible()).isTrue();
	}

	@Test
	void isEligibleWhenUnderTestIsFalse() {
		CallStack stack = TestCallStacks.with(TestCallStacks.frame("org.junit.platform.launcher.Launcher", "execute"));
		assertThat(candidate(stack).isEligible()).isFalse();
	}

	@Test
	void isEligibleWhenWarIsDeployedIsFalse() {
		CallStack stack = TestCallStacks.with(TestCallStacks
			.frame("org.springframework.boot.web.servlet.support.SpringBootServletInitializer", "run"));
		assertThat(candidate(stack).isEligible()).isFalse();
	}

	@Test
	void isEligibleWhenNotInMainIsFalse() {
		CallStack stack = TestCallStacks.only(TestCallStacks.frame("java.lang.Thread", "run"));
		assertThat(candidate(stack).isEligible()).isFalse();
	}

	@Test
	void isEligibleWhenAotProcessorCallsIsFalse() {
		CallStack stack = TestCallStacks
			.with(TestCallStacks.frame("org.springframework.boot.SpringApplicationAotProcessor", "main"));
		assertThat(candidate(stack).isEligible()).isFalse();
	}

	@Test
	void isEligibleWhenAotProcessingIsFalse() {
		assertThat(candidate(TestCallStacks.inMain(), Map.of("spring.aot.processing", "true")).isEligible()).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "spring.context.exit", "spring.context.checkpoint" })
	void isEligibleWhenTrainingRunIsFalse(String property) {
		assertThat(candidate(TestCallStacks.inMain(), Map.of(property, "onRefresh")).isEligible()).isFalse();
	}

	@Test
	void isEligibleWhenNativeImageIsFalse() {
		assertThat(new MasterCandidate(TestCallStacks.inMain(), (name) -> null, true, this.decided).isEligible())
			.isFalse();
	}

	@Test
	void isEligibleBeforeRunWhenConstructedInMainIsTrue() {
		assertThat(candidate(TestCallStacks.constructing()).isEligibleBeforeRun()).isTrue();
	}

	@Test
	void isEligibleBeforeRunWhenConstructedInsideAnotherStartIsFalse() {
		assertThat(candidate(TestCallStacks.inMain()).isEligibleBeforeRun()).isFalse();
	}

	@Test
	void isEligibleBeforeEnvironmentWhenRunInMainIsTrue() {
		assertThat(candidate(TestCallStacks.inMain()).isEligibleBeforeEnvironment()).isTrue();
	}

	@Test
	void isEligibleBeforeEnvironmentWhenNestedIsFalse() {
		assertThat(candidate(TestCallStacks.nested()).isEligibleBeforeEnvironment()).isFalse();
	}

	@Test
	void isEligibleBeforeEnvironmentWhenRestartedByDevtoolsIsFalse() {
		CallStack stack = TestCallStacks.only(TestCallStacks.frame("com.example.App", "main"),
				TestCallStacks.frame("org.springframework.boot.devtools.restart.RestartLauncher", "run"));
		assertThat(candidate(stack).isEligible()).isTrue();
		assertThat(candidate(stack).isEligibleBeforeEnvironment()).isFalse();
	}

	@Test
	void isEligibleBeforeEnvironmentWhenWorkerIsFalse() {
		assertThat(candidate(TestCallStacks.inMain(), WORKER).isEligibleBeforeEnvironment()).isFalse();
	}

	@Test
	void isEligibleBeforeEnvironmentWhenDecidedIsFalse() {
		this.decided.set(true);
		assertThat(candidate(TestCallStacks.inMain()).isEligibleBeforeEnvironment()).isFalse();
	}

	private MasterCandidate candidate(CallStack stack) {
		return candidate(stack, Map.of());
	}

	private MasterCandidate candidate(CallStack stack, Map<String, String> properties) {
		return new MasterCandidate(stack, properties::get, false, this.decided);
	}

}
