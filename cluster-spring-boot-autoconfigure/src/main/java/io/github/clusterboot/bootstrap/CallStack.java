package io.github.clusterboot.bootstrap;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.SpringApplication;

/**
 * Who is calling: what the stack of a thread tells of how an application was started.
 *
 * @param frames the frames, the innermost first
 */
record CallStack(List<Frame> frames) {

	private static final String APPLICATION = "org.springframework.boot.SpringApplication";

	private static final String BUILDER = "org.springframework.boot.builder.SpringApplicationBuilder";

	private static final String APPLICATION_RUN = "([Ljava/lang/String;)Lorg/springframework/context/ConfigurableApplicationContext;";

	private static final String RESTART_LAUNCHER = "org.springframework.boot.devtools.restart.RestartLauncher";

	private static final Set<String> TEST_ENGINES = Set.of("org.junit.", "org.testng.",
			"org.springframework.boot.test.", "org.springframework.test.", "cucumber.", "io.cucumber.");

	private static final Set<String> AOT_PROCESSORS = Set.of("org.springframework.boot.SpringApplicationAotProcessor",
			"org.springframework.context.aot.");

	private static final Set<String> WAR_DEPLOYMENTS = Set
		.of("org.springframework.boot.web.servlet.support.SpringBootServletInitializer");

	/**
	 * What may stand below the application's own {@code main}: it is this that
	 * {@code main} was called by.
	 */
	private static final Set<String> LAUNCHERS = Set.of("org.springframework.boot.loader.", RESTART_LAUNCHER,
			"com.intellij.rt.", "java.lang.reflect.", "java.lang.invoke.", "jdk.internal.reflect.");

	/**
	 * What may stand between {@link SpringApplication} and the code that calls it: Spring
	 * Boot's own builder, the JDK, and the runtimes of other languages.
	 */
	private static final Set<String> BETWEEN = Set.of(APPLICATION, "org.springframework.boot.builder.", "java.", "jdk.",
			"groovy.", "org.apache.groovy.", "org.codehaus.groovy.", "kotlin.", "scala.");

	static CallStack ofCurrentThread() {
		return StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE)
			.walk((frames) -> new CallStack(frames.map(Frame::of).toList()));
	}

	/**
	 * Return the stack of another thread.
	 * @param elements its elements, the innermost first
	 * @return the stack, in which descriptors and class loaders are missing
	 */
	static CallStack of(StackTraceElement[] elements) {
		return new CallStack(Arrays.stream(elements)
			.map((element) -> new Frame(element.getClassName(), element.getMethodName(), "", null))
			.toList());
	}

	boolean isUnderTest() {
		return isAnyOf(TEST_ENGINES);
	}

	boolean isAotProcessing() {
		return isAnyOf(AOT_PROCESSORS);
	}

	boolean isWarDeployment() {
		return isAnyOf(WAR_DEPLOYMENTS);
	}

	boolean isRestartedByDevtools() {
		return isAnyOf(Set.of(RESTART_LAUNCHER));
	}

	/**
	 * Return how many applications are being run, one inside the other.
	 * @return the number of calls to {@link SpringApplication#run(String...)}
	 */
	int applicationRuns() {
		return (int) this.frames.stream().filter(CallStack::isApplicationRun).count();
	}

	/**
	 * Return whether the application is run only to be the parent of another one, which
	 * follows: {@code SpringApplicationBuilder.run} of the child calls that of the parent
	 * first.
	 * @return whether a child follows
	 */
	boolean isParentOfAnother() {
		return this.frames.stream()
			.filter((frame) -> frame.className().equals(BUILDER) && frame.methodName().equals("run"))
			.count() > 1;
	}

	/**
	 * Return the code that constructs or runs the application. What has called that code
	 * may belong to any program, such as a servlet container or a test harness.
	 * @return the innermost caller of {@link SpringApplication}, or {@code null} if there
	 * is none but the JDK
	 */
	@Nullable Frame caller() {
		return this.frames.stream()
			.dropWhile((frame) -> !frame.className().equals(APPLICATION))
			.dropWhile((frame) -> startsWithAnyOf(BETWEEN, frame.className()))
			.findFirst()
			.orElse(null);
	}

	/**
	 * Return whether the thread began in the application's own {@code main} method. A
	 * main class that does not see this {@link SpringApplication} is not the
	 * application's but, for instance, a servlet container's.
	 * @return whether the outermost frame that does not belong to a launcher is a
	 * {@code main} method
	 */
	boolean beginsInMain() {
		for (int i = this.frames.size() - 1; i >= 0; i--) {
			Frame frame = this.frames.get(i);
			if (!startsWithAnyOf(LAUNCHERS, frame.className())) {
				return frame.methodName().equals("main") && seesApplication(frame.classLoader());
			}
		}
		return false;
	}

	private boolean isAnyOf(Collection<String> prefixes) {
		return this.frames.stream().anyMatch((frame) -> startsWithAnyOf(prefixes, frame.className()));
	}

	private static boolean startsWithAnyOf(Collection<String> prefixes, String className) {
		return prefixes.stream().anyMatch(className::startsWith);
	}

	private static boolean isApplicationRun(Frame frame) {
		return frame.className().equals(APPLICATION) && frame.methodName().equals("run")
				&& frame.descriptor().equals(APPLICATION_RUN);
	}

	/**
	 * Return whether classes of a loader can call this {@link SpringApplication}.
	 * @param classLoader the loader, {@code null} for the boot loader
	 * @return whether they can
	 */
	static boolean seesApplication(@Nullable ClassLoader classLoader) {
		try {
			return Class.forName(APPLICATION, false, classLoader) == SpringApplication.class;
		}
		catch (ClassNotFoundException | LinkageError ex) {
			return false;
		}
	}

	/**
	 * One call.
	 *
	 * @param className the class that declares the method
	 * @param methodName the name of the method
	 * @param descriptor the descriptor of the method
	 * @param classLoader the loader of the class, {@code null} for the boot loader
	 */
	record Frame(String className, String methodName, String descriptor, @Nullable ClassLoader classLoader) {

		private static Frame of(StackWalker.StackFrame frame) {
			return new Frame(frame.getClassName(), frame.getMethodName(), frame.getDescriptor(),
					frame.getDeclaringClass().getClassLoader());
		}

	}

}
