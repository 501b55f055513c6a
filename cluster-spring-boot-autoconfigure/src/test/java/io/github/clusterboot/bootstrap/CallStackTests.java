package io.github.clusterboot.bootstrap;

import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.github.clusterboot.bootstrap.CallStack.Frame;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link CallStack}.
 */
class CallStackTests {

	@Test
	void ofCurrentThreadWhenInThisTestIsUnderTest() {
		assertThat(CallStack.ofCurrentThread().isUnderTest()).isTrue();
	}

	@Test
	void ofCurrentThreadWhenOnThreadOfItsOwnDoesNotBeginInMain() {
		CallStack stack = CompletableFuture.supplyAsync(CallStack::ofCurrentThread).join();
		assertThat(stack.isUnderTest()).isFalse();
		assertThat(stack.beginsInMain()).isFalse();
	}

	@Test
	void applicationRunsWhenApplicationRunsCountsItOnce() {
		CompletableFuture<Integer> runs = new CompletableFuture<>();
		SpringApplication application = new SpringApplication(Config.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		application.addListeners((ApplicationListener<ApplicationEnvironmentPreparedEvent>) (event) -> runs
			.complete(CallStack.ofCurrentThread().applicationRuns()));
		application.run().close();
		assertThat(runs).isCompletedWithValue(1);
	}

	@Test
	void applicationRunsWhenNestedCountsBoth() {
		assertThat(TestCallStacks.constructing().applicationRuns()).isZero();
		assertThat(TestCallStacks.inMain().applicationRuns()).isOne();
		assertThat(TestCallStacks.nested().applicationRuns()).isEqualTo(2);
	}

	/**
	 * Fault A1.
	 */
	@Test
	void isParentOfAnotherWhenBuilderRunsParentAndChildIsTrueForTheParent() {
		List<Boolean> runs = new ArrayList<>();
		new SpringApplicationBuilder(Config.class)
			.listeners((ApplicationListener<ApplicationEnvironmentPreparedEvent>) (event) -> runs
				.add(CallStack.ofCurrentThread().isParentOfAnother()))
			.child(Config.class)
			.web(WebApplicationType.NONE)
			.listeners((ApplicationListener<ApplicationEnvironmentPreparedEvent>) (event) -> runs
				.add(CallStack.ofCurrentThread().isParentOfAnother()))
			.run()
			.close();
		assertThat(runs).containsExactly(true, false);
	}

	@Test
	void callerIsTheInnermostCallerOfTheApplication() {
		assertCaller(TestCallStacks.inMain(), "com.example.App");
		assertCaller(TestCallStacks.constructing(), "com.example.App");
		assertCaller(TestCallStacks.childOfAnother(), "com.example.App");
		assertCaller(TestCallStacks.with(TestCallStacks.frame("org.acme.Plugin", "start")), "org.acme.Plugin");
	}

	@ParameterizedTest
	@ValueSource(strings = { "org.codehaus.groovy.vmplugin.v8.IndyInterface", "java.lang.invoke.MethodHandle",
			"groovy.lang.MetaClassImpl", "org.springframework.boot.SpringApplication$Augmented" })
	void callerWhenRuntimeOfALanguageIsBetweenIsTheCodeThatUsesIt(String className) {
		assertCaller(TestCallStacks.with(TestCallStacks.frame(className, "invoke")), "com.example.App");
	}

	@Test
	void callerWhenThereIsOnlyTheJdkIsNull() {
		assertThat(TestCallStacks.only(TestCallStacks.frame("java.lang.Thread", "run")).caller()).isNull();
	}

	@Test
	void callerWhenApplicationRunsIsThisTest() {
		CompletableFuture<Frame> caller = new CompletableFuture<>();
		new SpringApplicationBuilder(Config.class).web(WebApplicationType.NONE)
			.listeners((ApplicationListener<ApplicationEnvironmentPreparedEvent>) (event) -> caller
				.complete(CallStack.ofCurrentThread().caller()))
			.run()
			.close();
		assertThat(caller)
			.isCompletedWithValueMatching((frame) -> frame.className().equals(CallStackTests.class.getName())
					&& frame.methodName().equals("callerWhenApplicationRunsIsThisTest"));
	}

	private static void assertCaller(CallStack stack, String expected) {
		Frame caller = stack.caller();
		assertThat(caller).isNotNull();
		assertThat(caller.className()).isEqualTo(expected);
	}

	@ParameterizedTest
	@ValueSource(strings = { "org.junit.platform.launcher.core.DefaultLauncher", "org.junit.runners.ParentRunner",
			"org.testng.TestNG", "org.springframework.boot.test.context.SpringBootContextLoader",
			"org.springframework.test.context.cache.DefaultCacheAwareContextLoaderDelegate",
			"io.cucumber.core.runtime.Runtime", "cucumber.runtime.Runtime" })
	void isUnderTestWhenTestEngineCallsIsTrue(String className) {
		assertThat(TestCallStacks.with(TestCallStacks.frame(className, "run")).isUnderTest()).isTrue();
	}

	@Test
	void isUnderTestWhenOnlyMainCallsIsFalse() {
		assertThat(TestCallStacks.inMain().isUnderTest()).isFalse();
	}

	@Test
	void isAotProcessingWhenProcessorCallsIsTrue() {
		Frame processor = TestCallStacks.frame("org.springframework.boot.SpringApplicationAotProcessor", "main");
		assertThat(TestCallStacks.with(processor).isAotProcessing()).isTrue();
		assertThat(TestCallStacks.inMain().isAotProcessing()).isFalse();
	}

	@Test
	void isWarDeploymentWhenServletInitializerCallsIsTrue() {
		Frame initializer = TestCallStacks
			.frame("org.springframework.boot.web.servlet.support.SpringBootServletInitializer", "onStartup");
		assertThat(TestCallStacks.with(initializer).isWarDeployment()).isTrue();
		assertThat(TestCallStacks.inMain().isWarDeployment()).isFalse();
	}

	@Test
	void beginsInMainWhenMainIsOutermostIsTrue() {
		assertThat(TestCallStacks.inMain().beginsInMain()).isTrue();
	}

	@Test
	void beginsInMainWhenLauncherIsBelowMainIsTrue() throws Exception {
		try (URLClassLoader foreign = new URLClassLoader(new URL[0], null)) {
			assertThat(TestCallStacks
				.only(TestCallStacks.frame("com.example.App", "main"),
						TestCallStacks.frame("org.springframework.boot.loader.launch.Launcher", "launch", foreign),
						TestCallStacks.frame("org.springframework.boot.loader.launch.JarLauncher", "main", foreign))
				.beginsInMain()).isTrue();
		}
	}

	@Test
	void beginsInMainWhenRestartedByDevtoolsIsTrue() {
		CallStack stack = TestCallStacks.only(TestCallStacks.frame("com.example.App", "main"),
				TestCallStacks.frame("java.lang.reflect.Method", "invoke"),
				TestCallStacks.frame("org.springframework.boot.devtools.restart.RestartLauncher", "run"));
		assertThat(stack.beginsInMain()).isTrue();
		assertThat(stack.isRestartedByDevtools()).isTrue();
	}

	@Test
	void beginsInMainWhenThreadIsNotTheMainThreadIsFalse() {
		assertThat(TestCallStacks
			.only(TestCallStacks.frame("com.example.App", "main"), TestCallStacks.frame("java.lang.Thread", "run"))
			.beginsInMain()).isFalse();
	}

	@Test
	void beginsInMainWhenMainBelongsToContainerIsFalse() throws Exception {
		try (URLClassLoader container = new URLClassLoader(new URL[0], null)) {
			assertThat(TestCallStacks
				.only(TestCallStacks.frame("com.example.App", "onStartup"),
						TestCallStacks.frame("org.apache.catalina.startup.Bootstrap", "main", container))
				.beginsInMain()).isFalse();
		}
	}

	@Configuration(proxyBeanMethods = false)
	static class Config {

	}

}
