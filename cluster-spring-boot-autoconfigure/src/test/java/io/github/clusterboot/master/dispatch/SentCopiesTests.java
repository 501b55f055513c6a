package io.github.clusterboot.master.dispatch;

import java.io.IOException;

import io.github.clusterboot.os.NativeTransport;
import io.netty.channel.unix.FileDescriptor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SentCopies}.
 */
class SentCopiesTests {

	@BeforeAll
	static void loadLibrary() {
		NativeTransport.load();
	}

	@Test
	void addWhenNotKeptCloses() throws IOException {
		FileDescriptor connection = descriptor();
		new SentCopies(false).add(connection, 1);
		assertThat(connection.isOpen()).isFalse();
	}

	@Test
	void addWhenKeptClosesWhatHasBeenReceived() throws IOException {
		FileDescriptor first = descriptor();
		FileDescriptor second = descriptor();
		FileDescriptor third = descriptor();
		SentCopies copies = new SentCopies(true);
		copies.add(first, 1);
		copies.add(second, 2);
		assertThat(first.isOpen()).isTrue();
		copies.add(third, 2);
		assertThat(first.isOpen()).isFalse();
		assertThat(second.isOpen()).isTrue();
		assertThat(third.isOpen()).isTrue();
		copies.closeAllBut(1);
		assertThat(second.isOpen()).isFalse();
		assertThat(third.isOpen()).isTrue();
		copies.closeAllBut(0);
		assertThat(third.isOpen()).isFalse();
	}

	@Test
	void addWhenTheCopyCannotBeClosedGoesOn() {
		FileDescriptor none = new FileDescriptor(1_500_000_000);
		new SentCopies(false).add(none, 1);
		assertThat(none.isOpen()).isFalse();
	}

	private static FileDescriptor descriptor() throws IOException {
		return FileDescriptor.from("/dev/null");
	}

}
