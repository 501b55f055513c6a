package io.github.clusterboot.bootstrap;

import java.io.File;
import java.io.IOException;
import java.util.Collection;
import java.util.function.Supplier;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

import org.jspecify.annotations.Nullable;

/**
 * The program that the JVM was launched for. Tells whether an application that is not
 * started by {@code main} itself is part of it: then it can be launched again.
 *
 * @param mainClass finds the name of the main class, {@code null} if it is not known
 * @param stacks the stacks of all threads
 */
record LaunchedProgram(Supplier<@Nullable String> mainClass, Supplier<Collection<StackTraceElement[]>> stacks) {

	/**
	 * The launcher of an IDE, whose first argument is the application's main class.
	 */
	private static final String IDE_LAUNCHER = "com.intellij.rt.execution.application.";

	/**
	 * Return the program of this JVM. It is read only if needed, as most applications are
	 * started by {@code main} itself.
	 */
	static LaunchedProgram current() {
		return new LaunchedProgram(() -> ThisJvm.MAIN_CLASS, () -> Thread.getAllStackTraces().values());
	}

	/**
	 * Return the main class.
	 * @param command the jar file or main class and the arguments, joined by blanks, as
	 * the launcher sets it
	 * @param classPath with {@code -jar} the jar file
	 * @return its name, for an executable jar that of the application's own main class
	 */
	static @Nullable String mainClass(@Nullable String command, String classPath) {
		if (command == null || command.isBlank()) {
			return null;
		}
		if (!classPath.isEmpty() && (command + " ").startsWith(classPath + " ") && new File(classPath).isFile()) {
			return mainClassOfJar(new File(classPath));
		}
		String[] words = command.split(" ", 3);
		String program = (words[0].startsWith(IDE_LAUNCHER) && words.length > 1) ? words[1] : words[0];
		return program.substring(program.indexOf('/') + 1);
	}

	private static @Nullable String mainClassOfJar(File file) {
		try (JarFile jar = new JarFile(file)) {
			Manifest manifest = jar.getManifest();
			Attributes attributes = (manifest != null) ? manifest.getMainAttributes() : new Attributes();
			String startClass = attributes.getValue("Start-Class");
			return (startClass != null) ? startClass : attributes.getValue(Attributes.Name.MAIN_CLASS);
		}
		catch (IOException ex) {
			return null;
		}
	}

	/**
	 * Return why the application that the given stack starts cannot be launched again by
	 * launching the program again.
	 * @param stack the stack of a thread that did not begin in {@code main}
	 * @return the obstacle, or {@code null} if there is none
	 */
	@Nullable Obstacle obstacle(CallStack stack) {
		for (StackTraceElement[] other : this.stacks.get()) {
			CallStack otherStack = CallStack.of(other);
			if (otherStack.isUnderTest()) {
				return Obstacle.expected("the JVM runs tests");
			}
			if (otherStack.isWarDeployment()) {
				return Obstacle.expected("the JVM deploys an application to a servlet container");
			}
		}
		String main = this.mainClass.get();
		if (main == null || !isPartOf(main, stack.caller())) {
			return Obstacle.surprising("it is started neither by a main method of its own nor by code that belongs to "
					+ ((main != null) ? "the JVM's main class " + main : "the JVM's main class, which is not known"),
					"Call SpringApplication.run in the application's main method, or in the package of the main "
							+ "class, or set 'cluster.enabled' to false.");
		}
		return null;
	}

	/**
	 * A main class that does not see {@link org.springframework.boot.SpringApplication}
	 * is that of a program which loads applications, each by a loader of its own.
	 */
	private static boolean isPartOf(String main, CallStack.@Nullable Frame caller) {
		if (caller == null || !isIn(packageOf(main), caller.className())) {
			return false;
		}
		try {
			return CallStack.seesApplication(Class.forName(main, false, caller.classLoader()).getClassLoader());
		}
		catch (ClassNotFoundException | LinkageError ex) {
			return false;
		}
	}

	/**
	 * The unnamed package has none below it.
	 */
	private static boolean isIn(String packagePrefix, String className) {
		return packagePrefix.isEmpty() ? className.indexOf('.') < 0 : className.startsWith(packagePrefix);
	}

	private static String packageOf(String className) {
		return className.substring(0, className.lastIndexOf('.') + 1);
	}

	/**
	 * Opens the jar once, when it is first used.
	 */
	private static final class ThisJvm {

		static final @Nullable String MAIN_CLASS = mainClass(System.getProperty("sun.java.command"),
				System.getProperty("java.class.path", ""));

		private ThisJvm() {
		}

	}

}
