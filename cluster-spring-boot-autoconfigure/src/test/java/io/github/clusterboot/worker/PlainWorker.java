package io.github.clusterboot.worker;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import io.github.clusterboot.WorkerIdentity;
import io.github.clusterboot.ipc.RunDirectory;

/**
 * A worker without Spring and Tomcat, which starts in no time: it listens on port 0 of
 * 127.0.0.1, and answers each connection with its id in an HTTP response.
 * <p>
 * The system property {@code plain.fail} makes it exit with that code instead of getting
 * ready.
 */
public final class PlainWorker {

	private PlainWorker() {
	}

	/**
	 * Run the worker.
	 * @param args ignored
	 * @throws IOException if the link breaks
	 */
	public static void main(String[] args) throws IOException {
		WorkerIdentity identity = WorkerIdentity.ofThisProcess();
		MasterLink link = MasterLink.connect(new RunDirectory(Path.of(System.getProperty(RunDirectory.PROPERTY))),
				identity);
		Heartbeat.start(link.figures());
		Integer failure = Integer.getInteger("plain.fail");
		if (failure != null) {
			System.out.println("plain worker " + identity.id() + " fails");
			Runtime.getRuntime().halt(failure);
		}
		ClusterServerSocketChannel server = new ClusterServerSocketChannel(link, "server");
		server.bind(new InetSocketAddress("127.0.0.1", 0));
		link.readiness(true);
		while (true) {
			try (SocketChannel connection = server.accept()) {
				if (connection != null) {
					connection.configureBlocking(true);
					connection.read(ByteBuffer.allocate(8192));
					String body = String.valueOf(identity.id());
					connection.write(ByteBuffer.wrap(("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: "
							+ body.length() + "\r\n\r\n" + body)
						.getBytes(StandardCharsets.US_ASCII)));
				}
			}
			server.connectionClosed();
		}
	}

}
