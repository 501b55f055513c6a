package io.github.clusterboot.ipc;

import io.netty.channel.epoll.Epoll;
import org.jspecify.annotations.Nullable;

/**
 * The native library that passes descriptors.
 */
public final class NativeTransport {

	private NativeTransport() {
	}

	/**
	 * Return why descriptors cannot be passed on this platform.
	 * @return the cause, or {@code null} if they can
	 */
	public static @Nullable Throwable unavailabilityCause() {
		return Epoll.unavailabilityCause();
	}

	/**
	 * Load the native library where it is not yet.
	 * @throws UnsatisfiedLinkError if descriptors cannot be passed on this platform
	 */
	public static void load() {
		Epoll.ensureAvailability();
	}

}
