package io.github.clusterboot.jvm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * How a JVM was launched, apart from its options.
 *
 * @param java the java binary
 * @param classPath the option that gives the class path; empty for {@code -jar}
 * @param program the main class, or {@code -jar} and the jar file
 * @param arguments the arguments of the application
 * @param directory the directory that relative paths are resolved against
 */
public record LaunchCommand(Path java, List<String> classPath, List<String> program, List<String> arguments,
		WorkingDirectory directory) {

	private static final String STAND_ALONE = "or set 'cluster.enabled' to false";

	/**
	 * Work out how the JVM was launched.
	 * @param jvm the JVM
	 * @param applicationArguments the arguments that the application was given as far as
	 * it passed them on; they are believed only if the JVM's own record agrees
	 * @return the command
	 * @throws RelaunchException if the JVM was launched in a way that cannot be repeated
	 */
	public static LaunchCommand of(RunningJvm jvm, String[] applicationArguments) throws RelaunchException {
		Map<String, String> properties = jvm.systemProperties();
		if (properties.containsKey("org.graalvm.nativeimage.imagecode")) {
			throw new RelaunchException("the application is a native image",
					"Run the application on a JVM, " + STAND_ALONE + ".");
		}
		// Set by the launcher: the jar file or main class as it was written, then the
		// arguments, all joined by single blanks.
		String command = properties.get("sun.java.command");
		if (command == null || command.isBlank()) {
			throw new RelaunchException("the JVM does not tell its main class (system property 'sun.java.command')",
					"Start the application with the java command, " + STAND_ALONE + ".");
		}
		if (properties.containsKey("jdk.module.main")) {
			throw new RelaunchException("the application was launched from the module path",
					"Start the application with 'java -jar' or from the class path, " + STAND_ALONE + ".");
		}
		if (command.startsWith("jdk.compiler/com.sun.tools.javac.launcher.")) {
			throw new RelaunchException("the application was launched from a source file",
					"Compile the application and start its class or jar file, " + STAND_ALONE + ".");
		}
		return of(jvm, java(properties), command, applicationArguments);
	}

	private static Path java(Map<String, String> properties) throws RelaunchException {
		Path directory = Path.of(properties.getOrDefault("java.home", ""), "bin");
		for (String name : new String[] { "java", "java.exe" }) {
			Path java = directory.resolve(name);
			if (Files.isExecutable(java)) {
				return java;
			}
		}
		throw new RelaunchException("the Java runtime has no java binary in " + directory,
				"Use a Java runtime with its commands (jlink and jpackage can leave them out), " + STAND_ALONE + ".");
	}

	private static LaunchCommand of(RunningJvm jvm, Path java, String command, String[] applicationArguments) {
		String classPath = jvm.systemProperties().getOrDefault("java.class.path", "");
		boolean jar = isJar(command, classPath);
		String program = jar ? classPath : command.split(" ", 2)[0];
		List<String> arguments = arguments(command, program, applicationArguments, jvm.commandLine());
		WorkingDirectory directory = WorkingDirectory.of(jvm);
		return jar ? new LaunchCommand(java, List.of(), List.of("-jar", program), arguments, directory)
				: new LaunchCommand(java, List.of("-cp", asWritten(classPath, jvm, arguments)), List.of(program),
						arguments, directory);
	}

	/**
	 * Return where the JVM finds the application's classes, as it is now: the class path,
	 * or the jar file and what its manifest names.
	 * @return files and directories, which need not exist
	 * @throws IOException if a directory of the class path cannot be read
	 */
	public List<Path> files() throws IOException {
		return this.classPath.isEmpty() ? JarClassPath.of(this.directory.resolve(this.program.get(1)))
				: ClassPathWildcards.expand(this.classPath.get(1), this.directory);
	}

	private static String asWritten(String classPath, RunningJvm jvm, List<String> arguments) {
		List<String> words = ArgumentFile.expand(jvm.commandLine());
		int program = words.size() - arguments.size() - 1;
		String written = (program > 0) ? ClassPathWildcards.written(words.subList(1, program)) : null;
		return (written != null) ? written : classPath;
	}

	/**
	 * With {@code -jar} the jar file is the program and the class path. Its name may have
	 * blanks, that of a main class cannot.
	 */
	private static boolean isJar(String command, String classPath) {
		return !classPath.isEmpty() && (command + " ").startsWith(classPath + " ")
				&& !Files.isDirectory(Path.of(classPath));
	}

	private static List<String> arguments(String command, String program, String[] applicationArguments,
			List<String> commandLine) {
		List<String> given = Arrays.asList(applicationArguments);
		if (command.equals(join(program, given))) {
			return List.copyOf(given);
		}
		List<String> arguments = tail(commandLine, command, program);
		if (arguments == null) {
			arguments = tail(ArgumentFile.expand(commandLine), command, program);
		}
		if (arguments == null) {
			String joined = command.substring(program.length());
			arguments = joined.isEmpty() ? List.of() : List.of(joined.substring(1).split(" ", -1));
		}
		return List.copyOf(arguments);
	}

	/**
	 * Find the arguments that follow the program on the command line. Only the whole tail
	 * is compared, as the program's name may be an option's value too.
	 */
	private static @Nullable List<String> tail(List<String> commandLine, String command, String program) {
		for (int i = 1; i < commandLine.size(); i++) {
			List<String> arguments = commandLine.subList(i + 1, commandLine.size());
			if (commandLine.get(i).equals(program) && command.equals(join(program, arguments))) {
				return arguments;
			}
		}
		return null;
	}

	private static String join(String program, List<String> arguments) {
		List<String> all = new ArrayList<>();
		all.add(program);
		all.addAll(arguments);
		return String.join(" ", all);
	}

}
