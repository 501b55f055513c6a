package io.github.clusterboot.os;

import java.util.ArrayList;
import java.util.List;

import io.netty.channel.IoHandle;
import io.netty.channel.IoRegistration;
import io.netty.channel.kqueue.KQueueIoEvent;
import io.netty.channel.kqueue.KQueueIoHandle;
import io.netty.channel.kqueue.KQueueIoOps;
import io.netty.channel.unix.FileDescriptor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

/**
 * Tests for as much of {@link KQueueTransport} as needs no kernel that has kqueue. The
 * numbers are spelled out: they are those of macOS.
 */
class KQueueTransportTests {

	private static final short EVFILT_READ = -1;

	private static final short EVFILT_WRITE = -2;

	private final NativeTransport transport = new KQueueTransport();

	private final List<String> calls = new ArrayList<>();

	/**
	 * Linux's, for the descriptor.
	 */
	@BeforeAll
	static void loadLibrary() {
		NativeTransport.load();
	}

	@Test
	void readInterestWhenWantedAddsAndEnablesTheFilter() {
		KQueueIoOps ops = (KQueueIoOps) this.transport.readInterest(true);
		assertThat(ops.filter()).isEqualTo(EVFILT_READ);
		assertThat(ops.flags()).isEqualTo((short) (0x1 | 0x4));
		assertThat(ops.fflags()).isZero();
	}

	@Test
	void readInterestWhenNotWantedDisablesTheFilter() {
		KQueueIoOps ops = (KQueueIoOps) this.transport.readInterest(false);
		assertThat(ops.filter()).isEqualTo(EVFILT_READ);
		assertThat(ops.flags()).isEqualTo((short) 0x8);
	}

	@Test
	void watchTellsTheReaderOfWhatCanBeReadAndOfTheEnd() throws Exception {
		IoHandle handle = this.transport.watch(new FileDescriptor(42), new NativeTransport.Reader() {

			@Override
			public void readable() {
				KQueueTransportTests.this.calls.add("readable");
			}

			@Override
			public void close() {
				KQueueTransportTests.this.calls.add("close");
			}

		});
		assertThat(((KQueueIoHandle) handle).ident()).isEqualTo(42);
		IoRegistration registration = mock(IoRegistration.class);
		handle.handle(registration, KQueueIoEvent.newEvent(42, EVFILT_WRITE, (short) 0, 0));
		assertThat(this.calls).isEmpty();
		handle.handle(registration, KQueueIoEvent.newEvent(42, EVFILT_READ, (short) 0, 0));
		handle.close();
		assertThat(this.calls).containsExactly("readable", "close");
	}

}
