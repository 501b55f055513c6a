package io.github.clusterboot.master.process;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;

import io.github.clusterboot.master.loop.MasterLog;
import org.apache.commons.logging.Log;
import sun.misc.Unsafe;

/**
 * The way in which the JDK starts processes.
 * <p>
 * By default a helper in the JDK's folder does it ({@code lib/jspawnhelper}), which
 * refuses to work for a JVM of another build. A package update replaces it while the
 * master runs, and from then on no worker could be started.
 */
public final class ProcessLauncher {

	private static final Log logger = MasterLog.of(ProcessLauncher.class);

	/**
	 * Read once, when {@code java.lang.ProcessImpl} is initialized. Up to JDK 17 that is
	 * when the JVM starts its first process, from 18 on when it first reads its
	 * environment: long before there is a master.
	 */
	static final String MECHANISM = "jdk.lang.Process.launchMechanism";

	/**
	 * The release whose JVM prints that {@code VFORK} is deprecated.
	 */
	private static final int VFORK_DEPRECATED = 25;

	/**
	 * The release from which on the property is read before there is a master.
	 */
	private static final int READ_EARLY = 18;

	/**
	 * After how many starts {@link #stayChangeable} is due. No method is compiled before
	 * it has been called 100 times (HotSpot's {@code Tier3MinInvocationThreshold}).
	 */
	static final int STARTS_BEFORE_COMPILATION = 50;

	/**
	 * See "Compiler Control" (JEP 165).
	 */
	private static final String DIRECTIVES = """
			[{match: "java/lang/ProcessImpl.*", c1: {Exclude: true}, c2: {Exclude: true}}]
			""";

	private ProcessLauncher() {
	}

	/**
	 * Do without the helper, unless the user has chosen. Comes too late for JDK 18 and
	 * later, see {@link #start}.
	 */
	public static void doWithoutHelper() {
		if (isOurs() && System.getProperty(MECHANISM) == null) {
			System.setProperty(MECHANISM, mechanism(Runtime.version().feature()));
		}
	}

	/**
	 * Keep the JVM from compiling the code that starts processes, in which what it has
	 * read would be a constant after some hundred starts. Writes a file, and may wait for
	 * that.
	 * @param directory where to write the file, which is there for a moment only
	 * @return whether the JVM has been told; it need not be up to JDK 17
	 */
	static boolean stayChangeable(Path directory) {
		if (!isOurs() || Runtime.version().feature() < READ_EARLY) {
			return false;
		}
		try {
			return doNotCompile(directory);
		}
		catch (IOException ex) {
			logger.debug("After many starts the JDK's helper cannot be done without", ex);
			return false;
		}
	}

	private static boolean doNotCompile(Path directory) throws IOException {
		Path directives = Files.createTempFile(directory, "compiler-", ".json");
		try {
			Files.writeString(directives, DIRECTIVES);
			return JvmCommand.run("compilerDirectivesAdd", directives.toString());
		}
		finally {
			Files.deleteIfExists(directives);
		}
	}

	/**
	 * Start a process. If the helper refuses, this JVM does without it from then on.
	 * @param builder the process
	 * @return the process
	 * @throws IOException if it cannot be started
	 */
	public static Process start(ProcessBuilder builder) throws IOException {
		try {
			return builder.start();
		}
		catch (IOException ex) {
			if (!isOurs() || !isRefusedByHelper(ex)) {
				throw ex;
			}
			changeMechanism(ex);
			return builder.start();
		}
	}

	private static boolean isOurs() {
		return System.getProperty("os.name").equals("Linux");
	}

	/**
	 * {@code VFORK} copies no page tables, and needs no memory that the kernel would have
	 * to promise.
	 */
	static String mechanism(int feature) {
		return (feature < VFORK_DEPRECATED) ? "VFORK" : "FORK";
	}

	/**
	 * The words are those of {@code ProcessImpl_md.c}.
	 */
	private static boolean isRefusedByHelper(IOException failure) {
		String message = failure.getMessage();
		return (message != null && message.contains("spawn helper"))
				|| !Files.isExecutable(Path.of(System.getProperty("java.home"), "lib", "jspawnhelper"));
	}

	/**
	 * The JDK has no other way to change what it has read. From JDK 24 on it prints a
	 * warning (JEP 498), and a later one will refuse.
	 */
	@SuppressWarnings({ "deprecation", "removal", "unchecked", "rawtypes" })
	private static void changeMechanism(IOException failure) throws IOException {
		try {
			Field mechanism = Class.forName("java.lang.ProcessImpl").getDeclaredField("launchMechanism");
			Field singleton = Unsafe.class.getDeclaredField("theUnsafe");
			singleton.setAccessible(true);
			Unsafe unsafe = (Unsafe) singleton.get(null);
			unsafe.putObject(unsafe.staticFieldBase(mechanism), unsafe.staticFieldOffset(mechanism),
					Enum.valueOf((Class) mechanism.getType(), mechanism(Runtime.version().feature())));
		}
		catch (ReflectiveOperationException | RuntimeException | LinkageError ex) {
			failure.addSuppressed(ex);
			throw failure;
		}
	}

}
