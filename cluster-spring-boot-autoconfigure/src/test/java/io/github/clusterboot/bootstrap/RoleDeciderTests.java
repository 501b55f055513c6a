package io.github.clusterboot.bootstrap;

import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

import io.github.clusterboot.Scheduling;
import io.github.clusterboot.jvm.RelaunchException;
import io.github.clusterboot.launch.WorkerLauncher;
import io.github.clusterboot.launch.WorkerOptions;
import io.github.clusterboot.master.supervise.MasterSettings;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.ansi.AnsiOutput;
import org.springframework.boot.builder.ParentContextApplicationContextInitializer;
import org.springframework.boot.jetty.JettyWebServerFactory;
import org.springframework.boot.tomcat.TomcatWebServerFactory;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.SimpleCommandLinePropertySource;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.util.ClassUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link RoleDecider}.
 */
class RoleDeciderTests {

	private static final Map<String, String> WORKER = Map.of("cluster.worker.id", "1", "cluster.worker.index", "0",
			"cluster.worker.generation", "1");

	private final MockEnvironment environment = new MockEnvironment();

	private final SpringApplication application = new SpringApplication();

	private final WorkerLauncher launcher = mock(WorkerLauncher.class);

	private CallStack stack = TestCallStacks.inMain();

	private Map<String, String> systemProperties = Map.of();

	private ClassPath classPath = ClassPath.ofCurrentThread();

	private final ExpectedChildren children = new ExpectedChildren();

	private @Nullable Throwable unavailabilityCause;

	private @Nullable WorkerOptions options;

	@AfterEach
	void restoreAnsi() {
		AnsiOutput.setEnabled(AnsiOutput.Enabled.DETECT);
	}

	@Test
	void decideWhenWebApplicationInMainIsMaster() {
		MasterDecision decision = decideMaster();
		int processors = Runtime.getRuntime().availableProcessors();
		assertThat(decision.settings()).isEqualTo(new MasterSettings(
				new MasterSettings.Size(Math.min(processors, 512), false, true, Math.max(1, processors / 2)),
				Scheduling.ROUND_ROBIN, 1024, Duration.ofSeconds(120), Duration.ofSeconds(30), Duration.ofSeconds(30),
				Duration.ofSeconds(60),
				new MasterSettings.Restart(Duration.ofMillis(100), 2, Duration.ofSeconds(30), Duration.ofSeconds(30)),
				MasterSettings.Recycling.NONE));
		assertThat(decision.launcher()).isSameAs(this.launcher);
	}

	@Test
	void decideWhenPropertiesAreSetPassesThemOn() {
		given(this.launcher.warnings()).willReturn(List.of("Too much memory"));
		this.environment.withProperty("cluster.workers", "3")
			.withProperty("cluster.backlog", "50")
			.withProperty("cluster.worker.jvm-args", "-Xmx64m,-Xss1m")
			.withProperty("cluster.worker.environment.FOO_BAR", "baz")
			.withProperty("cluster.restart.multiplier", "1.5");
		MasterDecision decision = decideMaster();
		assertThat(decision.settings().size().workers()).isEqualTo(3);
		assertThat(decision.settings().size().chosen()).isTrue();
		assertThat(decision.settings().backlog()).isEqualTo(50);
		assertThat(decision.settings().restart().multiplier()).isEqualTo(1.5);
		assertThat(decision.warnings()).containsExactly("Too much memory");
		assertThat(this.options).isEqualTo(new WorkerOptions(3, List.of("-Xmx64m", "-Xss1m"), Map.of("FOO_BAR", "baz"),
				"auto", Map.of(), this.options.placeholders()));
	}

	@Test
	void decideWhenWorkerPropertiesAreThereIsWorker() {
		this.systemProperties = WORKER;
		this.environment.withProperty("cluster.enabled", "false");
		assertThat(decide()).isInstanceOf(WorkerDecision.class);
	}

	@Test
	void decideWhenSecondApplicationInWorkerIsWorker() {
		this.systemProperties = WORKER;
		this.stack = TestCallStacks.nested();
		assertThat(decide()).isInstanceOf(WorkerDecision.class);
	}

	@Test
	void decideWhenWebApplicationInWorkerServes() {
		this.systemProperties = WORKER;
		assertThat(decide()).isEqualTo(new WorkerDecision(true));
	}

	/**
	 * Fault A1.
	 */
	@Test
	void decideWhenParentInWorkerDoesNotServe() {
		this.systemProperties = WORKER;
		this.stack = TestCallStacks.parentOfAnother();
		assertThat(decide()).isEqualTo(new WorkerDecision(false));
		this.environment.withProperty("cluster.non-web", "true");
		assertThat(decide()).isEqualTo(new WorkerDecision(false));
	}

	@Test
	void decideWhenStepBeforeTheWebApplicationInWorkerDoesNotServe() {
		this.systemProperties = WORKER;
		this.application.setWebApplicationType(WebApplicationType.NONE);
		assertThat(decide()).isEqualTo(new WorkerDecision(false));
		this.environment.withProperty("cluster.non-web", "true");
		assertThat(decide()).isEqualTo(new WorkerDecision(true));
	}

	/**
	 * Fault A1.
	 */
	@Test
	void decideWhenChildInWorkerHasNoServerIsUnusable() {
		this.systemProperties = WORKER;
		this.stack = TestCallStacks.parentOfAnother();
		decide();
		this.stack = TestCallStacks.childOfAnother();
		this.application.setWebApplicationType(WebApplicationType.NONE);
		this.application
			.addInitializers(new ParentContextApplicationContextInitializer(new GenericApplicationContext()));
		assertThat(((UnusableDecision) decide()).failure().getAction()).contains("'cluster.non-web' to true");
		// a job that follows, in a context that exists, is not an expected child
		assertThat(decide()).isEqualTo(new WorkerDecision(false));
	}

	@Test
	void decideWhenNestedIsStandalone() {
		this.stack = TestCallStacks.nested();
		assertSilent(decide(), "inside the start of another application");
	}

	/**
	 * Fault A5.
	 */
	@ParameterizedTest
	@CsvSource({ "cluster.workers, 2", "cluster.enabled, true" })
	void decideWhenNestedWebApplicationAndAskedForIsStandaloneWithWarning(String name, String value) {
		this.stack = TestCallStacks.nested();
		this.environment.withProperty(name, value);
		assertThat(warning()).contains("inside the start of another application").contains("SpringApplication.run");
	}

	/**
	 * As the bootstrap contexts of Spring Cloud.
	 */
	@Test
	void decideWhenNestedWithoutServerAndAskedForIsSilent() {
		this.stack = TestCallStacks.nested();
		this.environment.withProperty("cluster.workers", "2");
		this.application.setWebApplicationType(WebApplicationType.NONE);
		assertSilent(decide(), "inside the start of another application");
	}

	@Test
	void decideWhenNestedAndUnderTestIsSilent() {
		this.stack = new CallStack(Stream
			.concat(TestCallStacks.nested().frames().stream(),
					Stream.of(TestCallStacks.frame("org.junit.platform.launcher.Launcher", "execute")))
			.toList());
		this.environment.withProperty("cluster.workers", "2");
		assertSilent(decide(), "under test");
	}

	@Test
	void decideWhenNestedAfterTheDecisionIsSilent() {
		AtomicBoolean decided = new AtomicBoolean(true);
		this.stack = TestCallStacks.nested();
		this.environment.withProperty("cluster.workers", "2");
		assertSilent(decide(decided), "inside the start of another application");
	}

	@Test
	void decideWhenNestedLeavesTheDecisionToTheOuterApplication() {
		AtomicBoolean decided = new AtomicBoolean();
		this.stack = TestCallStacks.nested();
		assertThat(decide(decided)).isInstanceOf(StandaloneDecision.class);
		this.stack = TestCallStacks.inMain();
		assertThat(decide(decided)).isInstanceOf(MasterDecision.class);
	}

	@Test
	void decideWhenSecondWebApplicationIsStandalone() {
		AtomicBoolean decided = new AtomicBoolean();
		assertThat(decide(decided)).isInstanceOf(MasterDecision.class);
		assertSilent(decide(decided), "another application has decided");
	}

	/**
	 * Fault A5.
	 */
	@Test
	void decideWhenStepWithoutServerCameBeforeIsMaster() {
		AtomicBoolean decided = new AtomicBoolean();
		this.environment.withProperty("cluster.workers", "2");
		setCommandLine("--cluster.workers=2");
		this.application.setWebApplicationType(WebApplicationType.NONE);
		StandaloneDecision first = (StandaloneDecision) decide(decided);
		assertThat(first.preliminary()).isTrue();
		assertThat(first.warns()).isFalse();
		this.application.setWebApplicationType(WebApplicationType.SERVLET);
		assertThat(decide(decided)).isInstanceOf(MasterDecision.class);
	}

	@Test
	void decideWhenUnderTestIgnoresValues() {
		this.stack = TestCallStacks.with(TestCallStacks.frame("org.junit.platform.launcher.Launcher", "execute"));
		this.environment.withProperty("cluster.workers", "abc").withProperty("cluster.enabled", "abc");
		assertSilent(decide(), "under test");
	}

	/**
	 * Fault A5.
	 */
	@Test
	void decideWhenOnAnotherThreadOfTheProgramIsMaster() {
		this.stack = TestCallStacks.onThread("com.example.App");
		assertThat(decide()).isInstanceOf(MasterDecision.class);
	}

	/**
	 * Fault A5.
	 */
	@ParameterizedTest
	@CsvSource({ "cluster.workers, 2", "cluster.enabled, true" })
	void decideWhenOnForeignThreadAndAskedForIsStandaloneWithWarning(String name, String value) {
		this.stack = TestCallStacks.onThread("org.acme.Plugin");
		assertSilent(decide(), "neither by a main method");
		this.environment.withProperty(name, value);
		assertThat(warning()).contains("neither by a main method").contains("SpringApplication.run");
	}

	@Test
	void decideWhenDisabledIgnoresOtherValues() {
		this.environment.withProperty("cluster.enabled", "false")
			.withProperty("cluster.workers", "abc")
			.withProperty("cluster.non-web", "abc")
			.withProperty("cluster.backlog", "abc");
		assertSilent(decide(), "'cluster.enabled' is false");
		this.application.setWebApplicationType(WebApplicationType.NONE);
		assertSilent(decide(), "not a web application");
	}

	@Test
	void decideWhenNoWorkersIsStandalone() {
		this.environment.withProperty("cluster.workers", "0").withProperty("cluster.backlog", "abc");
		assertSilent(decide(), "'cluster.workers' is 0");
	}

	/**
	 * Fault A7.
	 */
	@Test
	void decideWhenNotWebIsStandalone() {
		this.application.setWebApplicationType(WebApplicationType.NONE);
		this.environment.withProperty("cluster.workers", "2").withProperty("cluster.backlog", "abc");
		assertSilent(decide(), "not a web application");
	}

	/**
	 * Faults A7 and A2.
	 */
	@ParameterizedTest
	@CsvSource({ "spring.main.web-application-type, none, not a web application", "server.port, -1, is negative" })
	void decideWhenNotWebByPropertyIsStandalone(String name, String value, String reason) {
		this.environment.withProperty(name, value).withProperty("cluster.workers", "2");
		assertSilent(decide(), reason);
		setCommandLine("--cluster.workers=2");
		assertThat(warning()).contains(reason).contains("'cluster.non-web' to true");
	}

	@ParameterizedTest
	@CsvSource({ "spring.main.web-application-type, none", "server.port, -1" })
	void decideWhenNotWebButAllowedIsMaster(String name, String value) {
		this.environment.withProperty(name, value).withProperty("cluster.non-web", "true");
		assertThat(decide()).isInstanceOf(MasterDecision.class);
	}

	@Test
	void decideWhenNotWebByCodeButAllowedIsMaster() {
		this.application.setWebApplicationType(WebApplicationType.NONE);
		this.environment.withProperty("cluster.non-web", "true");
		assertThat(decide()).isInstanceOf(MasterDecision.class);
	}

	/**
	 * Fault A1.
	 */
	@Test
	void decideWhenParentOfWebApplicationIsMaster() {
		this.stack = TestCallStacks.parentOfAnother();
		this.application.setWebApplicationType(WebApplicationType.NONE);
		assertThat(decide()).isInstanceOf(MasterDecision.class);
	}

	/**
	 * Fault A1.
	 */
	@Test
	void decideWhenParentOfOtherApplicationIsStandalone() throws Exception {
		this.stack = TestCallStacks.parentOfAnother();
		this.application.setWebApplicationType(WebApplicationType.NONE);
		this.environment.withProperty("spring.main.web-application-type", "none");
		assertSilent(decide(), "not a web application");
		try (URLClassLoader empty = new URLClassLoader(new URL[0], null)) {
			this.classPath = new ClassPath(empty);
			this.environment.withProperty("spring.main.web-application-type", "");
			assertSilent(decide(), "not a web application");
		}
	}

	@Test
	void decideWhenWebApplicationTypeIsUnknownLeavesItToSpringBoot() {
		this.environment.withProperty("spring.main.web-application-type", "unknown");
		assertThat(decide()).isInstanceOf(MasterDecision.class);
	}

	@ParameterizedTest
	@ValueSource(strings = { "cluster.enabled", "cluster.workers", "cluster.backlog", "cluster.worker.drain-timeout" })
	void decideWhenValueIsUnusableKeepsTheFailure(String name) {
		this.environment.withProperty(name, "abc");
		UnusableDecision decision = (UnusableDecision) decide();
		assertThat(decision.failure()).hasMessageContaining(name).hasMessageContaining("abc");
	}

	@Test
	void decideWhenNoServerHasAnAdapterIsStandaloneWithWarning() throws Exception {
		try (URLClassLoader empty = new URLClassLoader(new URL[0], null)) {
			this.classPath = new ClassPath(empty);
			assertThat(warning()).contains("only Tomcat, Jetty and Reactor Netty")
				.contains("'cluster.enabled' to false");
		}
	}

	@ParameterizedTest
	@ValueSource(classes = { TomcatWebServerFactory.class, JettyWebServerFactory.class })
	void decideWhenAServerHasAnAdapterIsMaster(Class<?> server) throws Exception {
		try (URLClassLoader none = new URLClassLoader(new URL[0], null) {

			@Override
			public @Nullable URL findResource(String name) {
				return name.equals(ClassUtils.convertClassNameToResourcePath(server.getName()) + ".class")
						? server.getResource(server.getSimpleName() + ".class") : null;
			}

		}) {
			this.classPath = new ClassPath(none);
			assertThat(decide()).isInstanceOf(MasterDecision.class);
		}
	}

	@Test
	void decideWhenPlatformCannotPassDescriptorsIsStandaloneWithWarning() {
		this.unavailabilityCause = new ExceptionInInitializerError(new UnsatisfiedLinkError("no epoll"));
		assertThat(warning()).contains("no epoll")
			.contains("-Dio.netty.native.workdir=")
			.contains("'cluster.enabled' to false");
	}

	@Test
	void decideWhenJvmCannotBeStartedAgainIsStandaloneWithWarning() {
		RoleDecider decider = decider(new AtomicBoolean(), (arguments, options) -> {
			throw new RelaunchException("the module path is used", "Use the class path.");
		});
		assertThat(decider.decide(this.application, new String[0], this.environment))
			.isEqualTo(new StandaloneDecision("The application runs in this process alone, without workers: "
					+ "the module path is used. Use the class path.", true, false));
	}

	@Test
	void decideWhenOutputIsColouredTellsWorkers() {
		AnsiOutput.setEnabled(AnsiOutput.Enabled.ALWAYS);
		decideMaster();
		assertThat(this.options).isNotNull();
		assertThat(this.options.systemProperties()).isEqualTo(Map.of("spring.output.ansi.enabled", "always"));
	}

	@Test
	void decideWhenUserSetColoursLeavesThemAlone() {
		AnsiOutput.setEnabled(AnsiOutput.Enabled.ALWAYS);
		this.environment.withProperty("spring.output.ansi.enabled", "always");
		decideMaster();
		assertThat(this.options).isNotNull();
		assertThat(this.options.systemProperties()).isEmpty();
	}

	@Test
	void decideWhenOutputIsNotColouredTellsWorkersNothing() {
		AnsiOutput.setEnabled(AnsiOutput.Enabled.NEVER);
		decideMaster();
		assertThat(this.options).isNotNull();
		assertThat(this.options.systemProperties()).isEmpty();
	}

	private String warning() {
		StandaloneDecision decision = (StandaloneDecision) decide();
		assertThat(decision.warns()).isTrue();
		return decision.message();
	}

	private static void assertSilent(RoleDecision decision, String reason) {
		assertThat(decision).isInstanceOf(StandaloneDecision.class);
		assertThat(((StandaloneDecision) decision).warns()).isFalse();
		assertThat(((StandaloneDecision) decision).message()).contains(reason);
	}

	private void setCommandLine(String... arguments) {
		this.environment.getPropertySources().addFirst(new SimpleCommandLinePropertySource(arguments));
	}

	private MasterDecision decideMaster() {
		RoleDecision decision = decide();
		assertThat(decision).isInstanceOf(MasterDecision.class);
		return (MasterDecision) decision;
	}

	private RoleDecision decide() {
		return decide(new AtomicBoolean());
	}

	private RoleDecision decide(AtomicBoolean decided) {
		return decider(decided, (arguments, options) -> {
			this.options = options;
			return this.launcher;
		}).decide(this.application, new String[0], this.environment);
	}

	private RoleDecider decider(AtomicBoolean decided, RoleDecider.LauncherFactory launcherFactory) {
		MasterCandidate candidate = new MasterCandidate(this.stack, this.systemProperties::get, false, decided,
				new LaunchedProgram(() -> TestCallStacks.MAIN_CLASS, List::of));
		return new RoleDecider(candidate, this.classPath, () -> this.unavailabilityCause, launcherFactory,
				this.children);
	}

}
