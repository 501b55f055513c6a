package io.github.clusterboot.bootstrap;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.SpringApplication;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LaunchedProgram}. Fault A5.
 */
class LaunchedProgramTests {

	@TempDir
	private Path directory;

	@ParameterizedTest
	@CsvSource({ "com.example.App --a=b, com.example.App", "com.example.App, com.example.App",
			"app/com.example.App x, com.example.App",
			"com.intellij.rt.execution.application.AppMainV2 com.example.App --a=b, com.example.App",
			"com.intellij.rt.junit.JUnitStarter com.example.AppTests, com.intellij.rt.junit.JUnitStarter" })
	void mainClassWhenClassIsLaunchedIsThatClass(String command, String expected) {
		assertThat(LaunchedProgram.mainClass(command, "/some/classes")).isEqualTo(expected);
	}

	@Test
	void mainClassWhenNotKnownIsNull() {
		assertThat(LaunchedProgram.mainClass(null, "")).isNull();
		assertThat(LaunchedProgram.mainClass("", "")).isNull();
	}

	@Test
	void mainClassWhenJarIsLaunchedIsThatOfItsManifest() throws IOException {
		Path plain = jar("a plain.jar", null);
		assertThat(LaunchedProgram.mainClass(plain + " --a=b", plain.toString()))
			.isEqualTo("org.springframework.boot.loader.launch.JarLauncher");
		Path executable = jar("executable.jar", "com.example.App");
		assertThat(LaunchedProgram.mainClass(executable.toString(), executable.toString()))
			.isEqualTo("com.example.App");
	}

	private Path jar(String name, @Nullable String startClass) throws IOException {
		Manifest manifest = new Manifest();
		manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
		manifest.getMainAttributes()
			.put(Attributes.Name.MAIN_CLASS, "org.springframework.boot.loader.launch.JarLauncher");
		if (startClass != null) {
			manifest.getMainAttributes().putValue("Start-Class", startClass);
		}
		Path file = this.directory.resolve(name);
		try (OutputStream out = Files.newOutputStream(file); JarOutputStream jar = new JarOutputStream(out, manifest)) {
			jar.flush();
		}
		return file;
	}

	@ParameterizedTest
	@CsvSource({ "com.example.Main, com.example.Main", "com.example.Main, com.example.web.App", "Main, App" })
	void obstacleWhenItsCodeStartsTheApplicationIsNull(String mainClass, String caller) {
		ClassLoader loader = TestCallStacks.loaderOf(mainClass, getClass().getClassLoader());
		assertThat(program(mainClass).obstacle(TestCallStacks.onThread(caller, loader))).isNull();
	}

	@Test
	void obstacleWhenTheMainClassDoesNotSeeSpringBootIsSurprising() throws IOException {
		URL spring = SpringApplication.class.getProtectionDomain().getCodeSource().getLocation();
		ClassLoader program = TestCallStacks.loaderOf("com.example.Main", null);
		try (URLClassLoader plugin = new URLClassLoader(new URL[] { spring }, program)) {
			assertThat(program("com.example.Main").obstacle(TestCallStacks.onThread("com.example.shop.App", plugin)))
				.isNotNull();
		}
	}

	@Test
	void obstacleWhenTheCallerDoesNotSeeTheMainClassIsSurprising() {
		ClassLoader plugin = TestCallStacks.loaderOf("com.example.App", getClass().getClassLoader());
		assertThat(program("com.example.Main").obstacle(TestCallStacks.onThread("com.example.App", plugin)))
			.isNotNull();
	}

	@ParameterizedTest
	@CsvSource({ "com.example.web.Main, com.example.App",
			"org.apache.maven.surefire.booter.ForkedBooter, com.example.App", "Main, com.example.App",
			"com.example.w.Main, com.example.web.App", ", com.example.App" })
	void obstacleWhenForeignCodeStartsTheApplicationIsSurprising(@Nullable String mainClass, String caller) {
		ClassLoader loader = TestCallStacks.loaderOf(String.valueOf(mainClass), getClass().getClassLoader());
		Obstacle obstacle = program(mainClass).obstacle(TestCallStacks.onThread(caller, loader));
		assertThat(obstacle).isNotNull();
		assertThat(obstacle.surprising()).isTrue();
	}

	@ParameterizedTest
	@CsvSource({ "org.junit.platform.launcher.core.DefaultLauncher",
			"org.springframework.boot.web.servlet.support.SpringBootServletInitializer" })
	void obstacleWhenAnotherThreadRunsTestsOrDeploysIsExpected(String className) {
		StackTraceElement[] other = { new StackTraceElement("java.lang.Object", "wait", null, -2),
				new StackTraceElement(className, "execute", null, 1) };
		Obstacle obstacle = new LaunchedProgram(() -> "com.example.Main",
				() -> List.of(new StackTraceElement[0], other))
			.obstacle(TestCallStacks.onThread("com.example.App"));
		assertThat(obstacle).isNotNull();
		assertThat(obstacle.surprising()).isFalse();
	}

	@Test
	void obstacleWhenThreadOfATestStartsTheApplicationIsExpected() {
		Obstacle obstacle = CompletableFuture
			.supplyAsync(() -> LaunchedProgram.current().obstacle(CallStack.ofCurrentThread()))
			.join();
		assertThat(obstacle).isNotNull();
		assertThat(obstacle.surprising()).isFalse();
	}

	@Test
	void obstacleWhenTheMainClassDoesNotMatterDoesNotLookForIt() {
		StackTraceElement[] test = {
				new StackTraceElement("org.junit.platform.launcher.core.DefaultLauncher", "execute", null, 1) };
		LaunchedProgram program = new LaunchedProgram(() -> {
			throw new IllegalStateException("Looked for");
		}, () -> List.<StackTraceElement[]>of(test));
		assertThat(program.obstacle(TestCallStacks.onThread("com.example.App"))).isNotNull();
	}

	private static LaunchedProgram program(@Nullable String mainClass) {
		return new LaunchedProgram(() -> mainClass, List::of);
	}

}
