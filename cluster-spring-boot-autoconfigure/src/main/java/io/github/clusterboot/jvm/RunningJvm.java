package io.github.clusterboot.jvm;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.ProviderNotFoundException;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How a JVM was started, as it reports it.
 *
 * @param inputArguments the options that the JVM was given, from all their sources, see
 * {@link java.lang.management.RuntimeMXBean#getInputArguments()}
 * @param environment the environment variables
 * @param systemProperties the system properties
 * @param commandLine the process's command line as the kernel has it, the java binary
 * first; empty if the system does not tell
 * @param imageOptions the options that are built into the JVM's image with
 * {@code jlink --add-options}; empty for none
 * @param memory its memory
 */
public record RunningJvm(List<String> inputArguments, Map<String, String> environment,
		Map<String, String> systemProperties, List<String> commandLine, String imageOptions, JvmMemory memory) {

	/**
	 * Return the release of Java, such as 17.
	 * @return the feature release
	 */
	public int feature() {
		return Integer.parseInt(this.systemProperties.get("java.specification.version"));
	}

	/**
	 * Return this JVM.
	 * @return the JVM, as it was started
	 */
	public static RunningJvm current() {
		return new RunningJvm(ManagementFactory.getRuntimeMXBean().getInputArguments(), System.getenv(),
				currentSystemProperties(), currentCommandLine(), currentImageOptions(), JvmMemory.current());
	}

	private static Map<String, String> currentSystemProperties() {
		Properties properties = System.getProperties();
		return properties.stringPropertyNames()
			.stream()
			.collect(Collectors.toUnmodifiableMap((name) -> name, properties::getProperty));
	}

	/**
	 * {@link ProcessHandle.Info#arguments()} ends at the first empty argument, so it is
	 * used only if there is nothing else.
	 */
	private static List<String> currentCommandLine() {
		Path file = Path.of("/proc/self/cmdline");
		if (!Files.isReadable(file)) {
			ProcessHandle.Info info = ProcessHandle.current().info();
			return Stream.concat(info.command().stream(), info.arguments().stream().flatMap(Stream::of)).toList();
		}
		try {
			String content = new String(Files.readAllBytes(file), nativeCharset());
			String[] arguments = content.split("\0", -1);
			return List.of(arguments).subList(0, arguments.length - 1);
		}
		catch (IOException ex) {
			return List.of();
		}
	}

	/**
	 * HotSpot reads this resource of its image ahead of all other options, see
	 * {@code ClassLoader::lookup_vm_options}.
	 */
	private static String currentImageOptions() {
		try {
			Path file = FileSystems.getFileSystem(URI.create("jrt:/"))
				.getPath("/modules/java.base/jdk/internal/vm/options");
			return Files.exists(file) ? Files.readString(file) : "";
		}
		catch (IOException | FileSystemNotFoundException | ProviderNotFoundException ex) {
			return "";
		}
	}

	/**
	 * Return the encoding in which the JDK reads and writes command lines and file names.
	 * @return the encoding
	 */
	public static Charset nativeCharset() {
		String name = System.getProperty("sun.jnu.encoding");
		return (name != null && Charset.isSupported(name)) ? Charset.forName(name) : Charset.defaultCharset();
	}

}
