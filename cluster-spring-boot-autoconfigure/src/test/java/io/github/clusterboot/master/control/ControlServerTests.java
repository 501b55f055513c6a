package io.github.clusterboot.master.control;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import io.github.clusterboot.ipc.RunDirectory;
import io.github.clusterboot.master.loop.MasterLoop;
import io.github.clusterboot.master.supervise.Workers;
import io.github.clusterboot.os.NativeTransport;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.willAnswer;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link ControlServer}.
 */
@Timeout(20)
class ControlServerTests {

	private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1,
			NativeTransport.current().newIoHandlerFactory());

	private final Workers workers = mock();

	private final ControlServer server = new ControlServer(new MasterLoop(this.group.next()), this.workers, mock(),
			mock());

	private RunDirectory directory;

	/**
	 * Not the build's directory, whose path may be too long for a socket.
	 */
	@BeforeEach
	void open() throws IOException {
		this.directory = new RunDirectory(Files.createTempDirectory(Path.of("/tmp"), "c"));
		this.server.open(this.directory);
	}

	@AfterEach
	void close() throws IOException {
		this.server.close();
		this.group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
		Files.deleteIfExists(this.directory.socket());
		Files.delete(this.directory.path());
	}

	@Test
	void connectWhenItCannotBeServedIsClosed() throws IOException {
		given(this.workers.withPid(anyLong())).willThrow(new OutOfMemoryError("Java heap space"));
		assertIsClosed();
	}

	@Test
	void connectWhenItCannotBeServedOnceTheStartIsKnownIsClosed() throws IOException {
		given(this.workers.beingStarted()).willReturn(1);
		willAnswer((call) -> {
			given(this.workers.withPid(anyLong())).willThrow(new OutOfMemoryError("Java heap space"));
			((Runnable) call.getArgument(0)).run();
			return null;
		}).given(this.workers).whenStarted(any());
		assertIsClosed();
	}

	private void assertIsClosed() throws IOException {
		try (SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
			client.connect(UnixDomainSocketAddress.of(this.directory.socket()));
			assertThat(client.read(ByteBuffer.allocate(1))).isEqualTo(-1);
		}
	}

}
