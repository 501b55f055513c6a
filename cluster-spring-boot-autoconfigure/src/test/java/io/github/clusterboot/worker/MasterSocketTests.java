package io.github.clusterboot.worker;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import io.github.clusterboot.OtherUser;
import io.github.clusterboot.ipc.RunDirectory;
import io.github.clusterboot.os.NativeTransport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests for {@link MasterSocket}.
 */
class MasterSocketTests {

	private RunDirectory directory;

	@BeforeEach
	void create() throws IOException {
		NativeTransport.load();
		this.directory = new RunDirectory(Files.createTempDirectory(Path.of("/tmp"), "master-socket-"));
	}

	@AfterEach
	void delete() throws IOException {
		Files.deleteIfExists(this.directory.socket());
		Files.delete(this.directory.path());
	}

	@Test
	void connectWhenTheUserListensIsConnected() throws IOException {
		try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)
			.bind(UnixDomainSocketAddress.of(this.directory.socket()));
				SocketChannel channel = MasterSocket.connect(this.directory)) {
			assertThat(channel.isConnected()).isTrue();
		}
	}

	@Test
	void connectWhenAnotherUserListensFails() throws Exception {
		OtherUser.assumeRoot();
		Files.setAttribute(this.directory.path(), "unix:mode", 01777);
		Path script = this.directory.path().resolve("Listen.java");
		Files.writeString(script, """
				public class Listen {
					public static void main(String[] args) throws Exception {
						var server = java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX);
						server.bind(java.net.UnixDomainSocketAddress.of(args[0]));
						System.in.read();
					}
				}
				""");
		ProcessBuilder builder = new ProcessBuilder(OtherUser.NOBODY.prefix());
		builder.command().add(ProcessHandle.current().info().command().orElseThrow());
		builder.command().add(script.toString());
		builder.command().add(this.directory.socket().toString());
		Process other = builder.directory(this.directory.path().toFile()).start();
		try {
			Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(this.directory.socket()));
			Awaitility.await()
				.atMost(Duration.ofSeconds(5))
				.untilAsserted(() -> assertThatIOException().isThrownBy(() -> MasterSocket.connect(this.directory))
					.withMessage("Another user, " + OtherUser.NOBODY.id() + ", listens at " + this.directory.socket()));
		}
		finally {
			other.destroyForcibly().waitFor();
			Files.delete(script);
		}
	}

}
