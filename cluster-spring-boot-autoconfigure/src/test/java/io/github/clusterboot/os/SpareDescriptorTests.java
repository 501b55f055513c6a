package io.github.clusterboot.os;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import io.github.clusterboot.OtherUser;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SpareDescriptor}.
 */
class SpareDescriptorTests {

	@TempDir
	Path directory;

	@Test
	void isAvailableWhenTheProcessMayOpenOneMore() {
		NativeTransport.load();
		assertThat(SpareDescriptor.isAvailable()).isTrue();
	}

	/**
	 * What is bound over {@code /dev/null} cannot be opened.
	 */
	@Test
	void isAvailableWhenThereIsNoDevNullLooksElsewhere() throws Exception {
		OtherUser.assumeRoot();
		Path file = this.directory.resolve("socket");
		try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
			socket.bind(UnixDomainSocketAddress.of(file));
			Process process = new ProcessBuilder("unshare", "-m", "sh", "-c",
					"mount --bind \"$0\" /dev/null && ulimit -n 500 && exec \"$@\"", file.toString(),
					ProcessHandle.current().info().command().orElseThrow(), "-XX:-UsePerfData", "-cp",
					System.getProperty("java.class.path"), Looker.class.getName())
				.redirectErrorStream(true)
				.start();
			String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
			Assumptions.assumeFalse(output.contains("unshare failed") || output.contains("permission denied"),
					"This machine lets nobody mount anything: " + output);
			assertThat(process.waitFor()).as(output).isZero();
			assertThat(output).endsWith("true, and none when all are open: false");
		}
	}

	/**
	 * Looks for a descriptor, and again when there is none.
	 */
	static final class Looker {

		private Looker() {
		}

		public static void main(String[] args) {
			NativeTransport.load();
			// loads the class while that is possible
			boolean first = SpareDescriptor.isAvailable();
			try {
				while (true) {
					io.netty.channel.unix.Socket.newSocketDomain();
				}
			}
			catch (io.netty.channel.ChannelException ex) {
				System.out.println(first + ", and none when all are open: " + SpareDescriptor.isAvailable());
			}
		}

	}

}
