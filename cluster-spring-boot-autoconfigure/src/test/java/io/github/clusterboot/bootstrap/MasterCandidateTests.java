package io.github.clusterboot.bootstrap;

import java.util.List;
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

	private static final LaunchedProgram PROGRAM = new LaunchedProgram(() -> TestCallStacks.MAIN_CLASS, List::of);

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
	void isNestedWhenInsideAnotherStartIsTrue() {
		assertThat(candidate(TestCallStacks.nested()).isNested()).isTrue();
		assertThat(candidate(TestCallStacks.inMain()).isNested()).isFalse();
	}

	@Test
	void isParentOfAnotherWhenChildsBuilderRunsItIsTrue() {
		assertThat(candidate(TestCallStacks.parentOfAnother()).isParentOfAnother()).isTrue();
		assertThat(candidate(TestCallStacks.childOfAnother()).isParentOfAnother()).isFalse();
	}

	@Test
	void obstacleWhenInMainIsNull() {
		assertThat(candidate(TestCallStacks.inMain()).obstacle()).isNull();
	}

	/**
	 * It is in a jar that would have to be opened.
	 */
	@Test
	void obstacleWhenInMainDoesNotLookForTheMainClass() {
		LaunchedProgram program = new LaunchedProgram(() -> {
			throw new IllegalStateException("Looked for");
		}, List::of);
		MasterCandidate candidate = new MasterCandidate(TestCallStacks.inMain(), (name) -> null, false, this.decided,
				program);
		assertThat(candidate.isEligibleBeforeEnvironment()).isTrue();
		assertThat(candidate.obstacle()).isNull();
	}

	@Test
	void obstacleWhenUnderTestIsExpected() {
		CallStack stack = TestCallStacks.with(TestCallStacks.frame("org.junit.platform.launcher.Launcher", "execute"));
		assertExpected(candidate(stack), "under test");
	}

	@Test
	void obstacleWhenWarIsDeployedIsExpected() {
		CallStack stack = TestCallStacks.with(TestCallStacks
			.frame("org.springframework.boot.web.servlet.support.SpringBootServletInitializer", "run"));
		assertExpected(candidate(stack), "servlet container");
	}

	/**
	 * Fault A5.
	 */
	@Test
	void obstacleWhenOnThreadOfTheProgramIsNull() {
		assertThat(candidate(TestCallStacks.onThread("com.example.App")).obstacle()).isNull();
	}

	/**
	 * Fault A5.
	 */
	@Test
	void obstacleWhenOnThreadOfAnotherProgramIsSurprising() {
		Obstacle obstacle = candidate(TestCallStacks.onThread("org.acme.Plugin")).obstacle();
		assertThat(obstacle).isNotNull();
		assertThat(obstacle.surprising()).isTrue();
		assertThat(obstacle.reason()).contains("com.example.Main");
	}

	/**
	 * A listener of a web application in a servlet container.
	 */
	@Test
	void obstacleWhenServletContainerIsTheProgramIsSurprising() {
		ClassLoader container = TestCallStacks.loaderOf("org.apache.catalina.startup.Bootstrap", null);
		CallStack stack = TestCallStacks.only(TestCallStacks.frame("com.example.StartListener", "contextInitialized"),
				TestCallStacks.frame("org.apache.catalina.core.StandardContext", "listenerStart", container),
				TestCallStacks.frame("org.apache.catalina.startup.Catalina", "start", container),
				TestCallStacks.frame("java.lang.reflect.Method", "invoke", null),
				TestCallStacks.frame("org.apache.catalina.startup.Bootstrap", "main", container));
		assertForeign("org.apache.catalina.startup.Bootstrap", stack);
	}

	/**
	 * JMH and the benchmark are on one class path.
	 */
	@Test
	void obstacleWhenBenchmarkHarnessIsTheProgramIsSurprising() {
		CallStack stack = TestCallStacks.only(TestCallStacks.frame("com.example.StartBenchmark", "setUp"),
				TestCallStacks.frame("com.example.jmh_generated.StartBenchmark_run_jmhTest", "run_Throughput"),
				TestCallStacks.frame("org.openjdk.jmh.runner.BenchmarkHandler$BenchmarkTask", "call"),
				TestCallStacks.frame("java.util.concurrent.FutureTask", "run", null),
				TestCallStacks.frame("java.lang.Thread", "run", null));
		assertForeign("org.openjdk.jmh.runner.ForkedMain", stack);
	}

	private void assertForeign(String mainClass, CallStack stack) {
		Obstacle obstacle = new MasterCandidate(stack, (name) -> null, false, this.decided,
				new LaunchedProgram(() -> mainClass, List::of))
			.obstacle();
		assertThat(obstacle).isNotNull();
		assertThat(obstacle.surprising()).isTrue();
		assertThat(obstacle.reason()).contains(mainClass);
	}

	@Test
	void obstacleWhenAotProcessorCallsIsExpected() {
		CallStack stack = TestCallStacks
			.with(TestCallStacks.frame("org.springframework.boot.SpringApplicationAotProcessor", "main"));
		assertExpected(candidate(stack), "ahead of time");
	}

	@Test
	void obstacleWhenAotProcessingIsExpected() {
		assertExpected(candidate(TestCallStacks.inMain(), Map.of("spring.aot.processing", "true")), "ahead of time");
	}

	@ParameterizedTest
	@ValueSource(strings = { "spring.context.exit", "spring.context.checkpoint" })
	void obstacleWhenTrainingRunIsExpected(String property) {
		assertExpected(candidate(TestCallStacks.inMain(), Map.of(property, "onRefresh")), "ends when");
	}

	@Test
	void obstacleWhenNativeImageIsSurprising() {
		Obstacle obstacle = new MasterCandidate(TestCallStacks.inMain(), (name) -> null, true, this.decided, PROGRAM)
			.obstacle();
		assertThat(obstacle).isNotNull();
		assertThat(obstacle.surprising()).isTrue();
	}

	private static void assertExpected(MasterCandidate candidate, String reason) {
		Obstacle obstacle = candidate.obstacle();
		assertThat(obstacle).isNotNull();
		assertThat(obstacle.surprising()).isFalse();
		assertThat(obstacle.reason()).contains(reason);
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
		assertThat(candidate(stack).obstacle()).isNull();
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
		return new MasterCandidate(stack, properties::get, false, this.decided, PROGRAM);
	}

}
