package io.github.clusterboot.os;

import io.netty.channel.IoHandlerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.core.OverridingClassLoader;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link NativeTransport}.
 */
class NativeTransportTests {

	/**
	 * Netty asks once for the name of the system, which tests change.
	 */
	@BeforeAll
	static void loadLibrary() {
		NativeTransport.load();
	}

	@Test
	void ofWhenLinuxIsEpoll() {
		assertThat(NativeTransport.of("Linux")).isInstanceOf(EpollTransport.class);
	}

	@Test
	void ofWhenMacOsIsKQueue() {
		assertThat(NativeTransport.of("Mac OS X")).isInstanceOf(KQueueTransport.class);
	}

	@ParameterizedTest
	@ValueSource(strings = { "Windows Server 2022", "FreeBSD", "AIX" })
	void ofWhenAnotherSystemIsNone(String system) {
		assertThat(NativeTransport.of(system)).isNull();
	}

	@Test
	void unavailabilityCauseWhenLibraryLoadsIsNone() {
		assertThat(NativeTransport.unavailabilityCause()).isNull();
	}

	@Test
	void unavailabilityCauseWhenAnotherSystemNamesIt() throws Exception {
		assertThat(unavailabilityCause("Windows Server 2022", "io.netty.channel.nothing."))
			.isInstanceOf(UnsupportedOperationException.class)
			.hasMessage("Windows Server 2022 has neither epoll nor kqueue");
	}

	/**
	 * As on Windows, whose files have no POSIX permissions.
	 */
	@Test
	void unavailabilityCauseWhenAnotherSystemHasNoDirectoryForTheLibraryNamesTheSystem() throws Exception {
		String before = System.setProperty(NativeLibraryDirectory.PROPERTY, "\0");
		try {
			assertThat(unavailabilityCause("Windows Server 2022", "io.netty.channel.nothing."))
				.isInstanceOf(UnsupportedOperationException.class)
				.hasMessage("Windows Server 2022 has neither epoll nor kqueue");
		}
		finally {
			if (before != null) {
				System.setProperty(NativeLibraryDirectory.PROPERTY, before);
			}
			else {
				System.clearProperty(NativeLibraryDirectory.PROPERTY);
			}
		}
	}

	@Test
	void unavailabilityCauseWhenClassesAreMissingNamesThem() throws Exception {
		assertThat(unavailabilityCause("Mac OS X", "io.netty.channel.kqueue.")).isInstanceOf(LinkageError.class)
			.hasMessageContaining("io/netty/channel/kqueue/KQueue");
	}

	@Test
	void unavailabilityCauseWhenLibraryIsForAnotherSystemIsALinkageError() throws Exception {
		assertThat(unavailabilityCause("Mac OS X", "io.netty.channel.nothing.")).isInstanceOf(LinkageError.class);
	}

	@Test
	void newIoHandlerFactoryWhenClassesOfTheOtherSystemAreMissingIsMade() throws Exception {
		Class<?> type = withoutPackage("io.netty.channel.kqueue.").loadClass(NativeTransport.class.getName());
		Object transport = type.getMethod("current").invoke(null);
		assertThat(type.getMethod("newIoHandlerFactory").invoke(transport)).isInstanceOf(IoHandlerFactory.class);
	}

	/**
	 * The system is looked at when the class is first used.
	 */
	private static Throwable unavailabilityCause(String system, String missing) throws Exception {
		String before = System.setProperty("os.name", system);
		try {
			Class<?> type = withoutPackage(missing).loadClass(NativeTransport.class.getName());
			return (Throwable) type.getMethod("unavailabilityCause").invoke(null);
		}
		finally {
			System.setProperty("os.name", before);
		}
	}

	private static ClassLoader withoutPackage(String missing) {
		return new OverridingClassLoader(NativeTransportTests.class.getClassLoader()) {

			@Override
			protected boolean isEligibleForOverriding(String name) {
				return name.startsWith(NativeTransport.class.getPackageName() + ".");
			}

			@Override
			public Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
				if (name.startsWith(missing)) {
					throw new ClassNotFoundException(name);
				}
				return super.loadClass(name, resolve);
			}

		};
	}

}
