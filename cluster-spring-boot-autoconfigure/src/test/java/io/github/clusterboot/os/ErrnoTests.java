package io.github.clusterboot.os;

import io.netty.channel.unix.Errors.NativeIoException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Errno}.
 */
class ErrnoTests {

	@BeforeAll
	static void loadLibrary() {
		NativeTransport.load();
	}

	@ParameterizedTest
	@CsvSource({ "EBADF, 9, 9", "ENOMEM, 12, 12", "EACCES, 13, 13", "ENFILE, 23, 23", "EMFILE, 24, 24", "EPIPE, 32, 32",
			"EADDRINUSE, 98, 48", "EADDRNOTAVAIL, 99, 49", "ECONNRESET, 104, 54", "ENOBUFS, 105, 55",
			"ENOTCONN, 107, 57", "ETOOMANYREFS, 109, 59", "ECONNREFUSED, 111, 61" })
	void numberIsThatOfTheSystem(Errno errno, int linux, int macOs) {
		assertThat(errno.number(false)).isEqualTo(linux);
		assertThat(errno.number(true)).isEqualTo(macOs);
	}

	@Test
	void isWhenErrorHasTheNumberOfThisSystemIsTrue() {
		NativeIoException error = new NativeIoException("bind", -Errno.EADDRINUSE.number(NativeTransport.isMacOs()));
		assertThat(Errno.EADDRINUSE.is(error)).isTrue();
		assertThat(Errno.EADDRNOTAVAIL.is(error)).isFalse();
		assertThat(Errno.isShortage(error)).isFalse();
	}

	@ParameterizedTest
	@CsvSource({ "EPIPE, true, false", "ECONNRESET, true, false", "ENOBUFS, false, true", "EACCES, false, false" })
	void brokenAndShortAreToldApart(Errno errno, boolean broken, boolean shortage) {
		NativeIoException error = new NativeIoException("sendmsg", -errno.number(NativeTransport.isMacOs()));
		assertThat(Errno.isBroken(error)).isEqualTo(broken);
		assertThat(Errno.isShortage(error)).isEqualTo(shortage);
	}

}
