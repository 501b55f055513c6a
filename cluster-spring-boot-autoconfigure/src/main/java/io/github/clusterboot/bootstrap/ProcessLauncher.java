package io.github.clusterboot.bootstrap;

/**
 * The way in which the JDK starts processes.
 * <p>
 * By default a helper in the JDK's folder does it ({@code lib/jspawnhelper}), which
 * refuses to work for a JVM of another build. A package update replaces it while the
 * master runs, and from then on no worker could be started.
 */
final class ProcessLauncher {

	/**
	 * Read once, when the JVM starts its first process, see
	 * {@code java.lang.ProcessImpl}.
	 */
	static final String MECHANISM = "jdk.lang.Process.launchMechanism";

	/**
	 * The release whose JVM prints that {@code VFORK} is deprecated.
	 */
	private static final int VFORK_DEPRECATED = 25;

	private ProcessLauncher() {
	}

	/**
	 * Do without the helper, unless the user has chosen. To be called before the JVM
	 * starts its first process.
	 */
	static void doWithoutHelper() {
		if (System.getProperty("os.name").equals("Linux") && System.getProperty(MECHANISM) == null) {
			System.setProperty(MECHANISM, mechanism(Runtime.version().feature()));
		}
	}

	/**
	 * {@code VFORK} copies no page tables, and needs no memory that the kernel would have
	 * to promise.
	 */
	static String mechanism(int feature) {
		return (feature < VFORK_DEPRECATED) ? "VFORK" : "FORK";
	}

}
