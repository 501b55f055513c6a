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

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.OperatingSystemMXBean;
import org.springframework.util.unit.DataSize;

/**
 * What a JVM tells about how it was started.
 *
 * @param inputArguments the options that the JVM was given, from all their sources, see
 * {@link java.lang.management.RuntimeMXBean#getInputArguments()}
 * @param environment the environment variables
 * @param systemProperties the system properties
 * @param commandLine the process's command line as the kernel has it, the java binary
 * first; empty if the system does not tell
 * @param imageOptions the options that are built into the JVM's image with
 * {@code jlink --add-options}; empty for none
 * @param memory the memory that the JVM sees: the container's limit or the machine's
 * @param maximumHeap the JVM's maximum heap
 * @param trimsNativeHeap whether the JVM has the option
 * {@code -XX:TrimNativeHeapInterval}, and the system a way to do that
 */
public record RunningJvm(List<String> inputArguments, Map<String, String> environment,
		Map<String, String> systemProperties, List<String> commandLine, String imageOptions, DataSize memory,
		DataSize maximumHeap, boolean trimsNativeHeap) {

	/**
	 * The option that has the JVM give back memory of the C library now and then.
	 */
	public static final String TRIM_INTERVAL = "TrimNativeHeapInterval";

	/**
	 * Return the release of Java, such as 17.
	 * @return the feature release
	 */
	public int feature() {
		return Integer.parseInt(this.systemProperties.get("java.specification.version"));
	}

	public static RunningJvm current() {
		return new RunningJvm(ManagementFactory.getRuntimeMXBean().getInputArguments(), System.getenv(),
				currentSystemProperties(), currentCommandLine(), currentImageOptions(),
				DataSize.ofBytes(ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize()),
				currentMaximumHeap(), currentTrimsNativeHeap());
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
	 * {@link Runtime#maxMemory()} leaves out a survivor space with some collectors.
	 */
	private static DataSize currentMaximumHeap() {
		try {
			HotSpotDiagnosticMXBean hotSpot = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
			return DataSize.ofBytes(Long.parseLong(hotSpot.getVMOption("MaxHeapSize").getValue()));
		}
		catch (RuntimeException ex) {
			return DataSize.ofBytes(Runtime.getRuntime().maxMemory());
		}
	}

	/**
	 * JDK 22 has the option, and so have 17.0.9 and 21.0.1. Of an option that there is
	 * not, or not without another one that unlocks it, the JVM says that it does not
	 * exist.
	 */
	private static boolean currentTrimsNativeHeap() {
		try {
			ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class).getVMOption(TRIM_INTERVAL);
			return System.getProperty("os.name").equals("Linux");
		}
		catch (RuntimeException ex) {
			return false;
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
