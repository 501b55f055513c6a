package io.github.clusterboot.master;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * One connection of a client to a {@link MasterRunner}'s port. Any answer but a whole one
 * is an {@link IOException}.
 */
final class PlainClient implements AutoCloseable {

	private static final Duration TIMEOUT = Duration.ofSeconds(15);

	private final Socket socket = new Socket();

	private PlainClient(@Nullable String from, int port) throws IOException {
		if (from != null) {
			this.socket.bind(new InetSocketAddress(from, 0));
		}
		this.socket.setSoTimeout((int) TIMEOUT.toMillis());
		this.socket.setTcpNoDelay(true);
		this.socket.connect(new InetSocketAddress("127.0.0.1", port), (int) TIMEOUT.toMillis());
	}

	static PlainClient connect(int port) throws IOException {
		return new PlainClient(null, port);
	}

	/**
	 * Connect, ask, and read the answer.
	 * @param port the port
	 * @param path the path
	 * @return the body of the answer
	 * @throws IOException if the connection is refused, reset or not answered in time
	 */
	static String get(int port, String path) throws IOException {
		try (PlainClient client = connect(port)) {
			client.ask(path);
			return client.answer();
		}
	}

	/**
	 * Connect from an address, ask, and read the answer.
	 * @param from the client's address
	 * @param port the port
	 * @param path the path
	 * @return the body of the answer
	 * @throws IOException if the connection is refused, reset or not answered in time
	 */
	static String get(String from, int port, String path) throws IOException {
		try (PlainClient client = new PlainClient(from, port)) {
			client.ask(path);
			return client.answer();
		}
	}

	void ask(String path) throws IOException {
		this.socket.getOutputStream()
			.write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
	}

	/**
	 * Read an answer that says that more is to come.
	 * @throws IOException if it is not
	 */
	void awaitContinue() throws IOException {
		String text = new String(this.socket.getInputStream().readNBytes(25), StandardCharsets.UTF_8);
		if (!text.equals("HTTP/1.1 100 Continue\r\n\r\n")) {
			throw new IOException("Not what was expected: '" + text + "'");
		}
	}

	/**
	 * Read everything that comes, which has to be one answer.
	 * @return the body
	 * @throws IOException if it is not
	 */
	String answer() throws IOException {
		String text = new String(this.socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		int head = text.indexOf("\r\n\r\n");
		if (!text.startsWith("HTTP/1.1 200 ") || head < 0) {
			throw new IOException("No answer: '" + text + "'");
		}
		String body = text.substring(head + 4);
		if (!text.contains("\r\nContent-Length: " + body.getBytes(StandardCharsets.UTF_8).length + "\r\n")) {
			throw new IOException("Not one whole answer: '" + text + "'");
		}
		return body;
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

}
