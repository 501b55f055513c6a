package io.github.clusterboot.bootstrap;

import io.github.clusterboot.os.NativeLibraryException;

import org.springframework.core.NestedExceptionUtils;

/**
 * The reason why descriptors cannot be passed between processes, as the user is told.
 *
 * @param reason what is wrong
 * @param action what to do
 */
record NativeTransportFailure(String reason, String action) {

	private static final String SWITCH_OFF = ", or set 'cluster.enabled' to false.";

	static NativeTransportFailure of(Throwable cause) {
		if (cause instanceof NativeLibraryException noDirectory) {
			return new NativeTransportFailure(
					"no directory can hold Netty's native library, which passes descriptors between processes (%s)"
						.formatted(String.join("; ", noDirectory.getProblems())),
					"Make room in one of them, or name a directory that has room and is not mounted noexec with "
							+ "-Dio.netty.native.workdir=DIRECTORY" + SWITCH_OFF);
		}
		return new NativeTransportFailure(
				"this platform cannot pass descriptors between processes (%s)"
					.formatted(NestedExceptionUtils.getMostSpecificCause(cause)),
				"Run it on Linux with Netty's netty-transport-native-epoll for this architecture on the class path, "
						+ "or on macOS with netty-transport-native-kqueue, and with "
						+ "-Dio.netty.native.workdir=DIRECTORY if the temporary directory is mounted noexec"
						+ SWITCH_OFF);
	}

}
