package io.github.clusterboot.bootstrap;

import java.lang.reflect.Constructor;
import java.util.List;

import io.github.clusterboot.os.NativeLibraryException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link NativeTransportFailure}.
 */
class NativeTransportFailureTests {

	@Test
	void ofWhenThePlatformIsAnotherSaysSo() {
		NativeTransportFailure failure = NativeTransportFailure
			.of(new UnsupportedOperationException("Windows Server 2022 has neither epoll nor kqueue"));
		assertThat(failure.reason()).startsWith("this platform cannot pass descriptors").contains("Windows");
		assertThat(failure.action()).contains("netty-transport-native-epoll");
	}

	/**
	 * Fault F9.
	 */
	@Test
	void ofWhenNoDirectoryCanHoldTheLibraryNamesThemAndNotThePlatform() throws Exception {
		Constructor<NativeLibraryException> constructor = NativeLibraryException.class
			.getDeclaredConstructor(List.class, LinkageError.class);
		constructor.setAccessible(true);
		NativeTransportFailure failure = NativeTransportFailure.of(constructor.newInstance(
				List.of("/tmp: No space left on device", "/home/shop/.cache: Read-only file system"),
				new UnsatisfiedLinkError("failed to load the required native library")));
		assertThat(failure.reason()).doesNotContain("platform")
			.contains("/tmp: No space left on device; /home/shop/.cache: Read-only file system");
		assertThat(failure.action()).contains("-Dio.netty.native.workdir=", "Make room");
	}

}
