package io.github.clusterboot.it;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * One connection that speaks HTTP/1.1, step by step, so that a test can act between the
 * steps. Not for use by several threads.
 */
public final class HttpConnection implements AutoCloseable {

	private final Socket socket = new Socket();

	private final Duration timeout;

	private final InputStream in;

	private long start = System.nanoTime();

	/**
	 * Connect.
	 * @param address where to
	 * @param timeout how long the connect, and then each answer, may take
	 * @throws IOException if there is no connection
	 */
	public HttpConnection(InetSocketAddress address, Duration timeout) throws IOException {
		this.timeout = timeout;
		try {
			this.socket.connect(address, (int) timeout.toMillis());
			this.in = new BufferedInputStream(new TimedInputStream(this.socket.getInputStream()));
		}
		catch (IOException ex) {
			this.socket.close();
			throw ex;
		}
	}

	/**
	 * Return the port of this end, by which the other side knows the connection.
	 * @return the local port
	 */
	int localPort() {
		return this.socket.getLocalPort();
	}

	void send(String method, String target, Map<String, String> headers, byte[] body) throws IOException {
		send(request(method, target, headers, body));
	}

	/**
	 * Return the bytes of a request.
	 * @param method the method
	 * @param target the request target
	 * @param headers the header fields but {@code Host} and {@code Content-Length}
	 * @param body the body
	 * @return the bytes to send
	 */
	public static byte[] request(String method, String target, Map<String, String> headers, byte[] body) {
		StringBuilder head = new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n");
		headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
		if (body.length > 0 || method.equals("POST")) {
			head.append("Content-Length: ").append(body.length).append("\r\n");
		}
		ByteArrayOutputStream request = new ByteArrayOutputStream();
		request.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
		request.writeBytes(body);
		return request.toByteArray();
	}

	/**
	 * Send bytes as they are, whole or half a request.
	 * @param bytes the bytes
	 * @throws IOException if the connection is broken
	 */
	public void send(byte[] bytes) throws IOException {
		this.start = System.nanoTime();
		this.socket.getOutputStream().write(bytes);
	}

	/**
	 * Send a {@code GET} and read the answer. The connection is kept alive.
	 * @param target the request target
	 * @return what came of it
	 */
	HttpAnswer get(String target) {
		return exchange("GET", target);
	}

	/**
	 * Send a {@code POST} without a body and read the answer. The connection is kept
	 * alive.
	 * @param target the request target
	 * @return what came of it
	 */
	HttpAnswer post(String target) {
		return exchange("POST", target);
	}

	private HttpAnswer exchange(String method, String target) {
		try {
			send(method, target, Map.of(), new byte[0]);
			return receive();
		}
		catch (IOException ex) {
			return HttpAnswer.failed(ex, elapsed());
		}
	}

	/**
	 * Read the answer to what was sent last.
	 * @return what came of it
	 */
	public HttpAnswer receive() {
		try {
			int status = readStatus();
			Map<String, String> headers = readHeaders();
			byte[] body = readBody(status, headers);
			return new HttpAnswer(HttpAnswer.Outcome.ANSWERED, status, headers, body, elapsed());
		}
		catch (IOException ex) {
			return HttpAnswer.failed(ex, elapsed());
		}
	}

	/**
	 * Read an answer that says that another is to come.
	 * @return its status
	 * @throws IOException if the connection is broken or nothing comes in time
	 */
	int receiveInterim() throws IOException {
		int status = readStatus();
		readHeaders();
		return status;
	}

	/**
	 * Wait for the end of the stream.
	 * @return whether it came next, with nothing more before it
	 * @throws IOException if the connection is broken or nothing comes in time
	 */
	boolean isAtEnd() throws IOException {
		this.start = System.nanoTime();
		return this.in.read() == -1;
	}

	/**
	 * Look, while no answer is awaited, whether the other side has closed the connection
	 * in good order. Takes a millisecond if it has not. Apache HttpClient looks in this
	 * way before it uses a connection again, see {@code BHttpConnectionBase.isStale} in
	 * version 4.
	 * @return whether the end of the stream is there
	 * @throws IOException if the connection is broken, or has what nobody asked for
	 */
	public boolean isClosedByPeer() throws IOException {
		this.socket.setSoTimeout(1);
		try {
			if (this.socket.getInputStream().read() != -1) {
				throw new ProtocolException("An answer that nobody asked for");
			}
			return true;
		}
		catch (SocketTimeoutException ex) {
			return false;
		}
	}

	private int readStatus() throws IOException {
		String[] parts = readLine().split(" ");
		if (parts.length < 2 || !parts[0].startsWith("HTTP/1.")) {
			throw new ProtocolException("No status line: " + String.join(" ", parts));
		}
		return Integer.parseInt(parts[1]);
	}

	private Map<String, String> readHeaders() throws IOException {
		Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
		for (String line = readLine(); !line.isEmpty(); line = readLine()) {
			int colon = line.indexOf(':');
			headers.put(line.substring(0, colon), line.substring(colon + 1).trim());
		}
		return headers;
	}

	private byte[] readBody(int status, Map<String, String> headers) throws IOException {
		if (status == 204 || status == 304) {
			return new byte[0];
		}
		if ("chunked".equalsIgnoreCase(headers.get("Transfer-Encoding"))) {
			return readChunks();
		}
		String length = headers.get("Content-Length");
		return (length != null) ? readBytes(Integer.parseInt(length)) : this.in.readAllBytes();
	}

	private byte[] readChunks() throws IOException {
		ByteArrayOutputStream body = new ByteArrayOutputStream();
		int size;
		do {
			size = Integer.parseInt(readLine().split(";")[0].trim(), 16);
			body.writeBytes(readBytes(size));
			readLine();
		}
		while (size > 0);
		return body.toByteArray();
	}

	private byte[] readBytes(int count) throws IOException {
		byte[] bytes = this.in.readNBytes(count);
		if (bytes.length < count) {
			throw new EOFException();
		}
		return bytes;
	}

	private String readLine() throws IOException {
		StringBuilder line = new StringBuilder();
		for (int b = this.in.read(); b != '\n'; b = this.in.read()) {
			if (b == -1) {
				throw new EOFException();
			}
			line.append((char) b);
		}
		return line.toString().stripTrailing();
	}

	private Duration elapsed() {
		return Duration.ofNanos(System.nanoTime() - this.start);
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

	/**
	 * Reads from the socket until the whole answer's time is over.
	 */
	private final class TimedInputStream extends FilterInputStream {

		TimedInputStream(InputStream in) {
			super(in);
		}

		@Override
		public int read(byte[] bytes, int offset, int length) throws IOException {
			long left = HttpConnection.this.timeout.minus(elapsed()).toMillis();
			if (left <= 0) {
				throw new SocketTimeoutException();
			}
			HttpConnection.this.socket.setSoTimeout((int) left);
			return super.read(bytes, offset, length);
		}

	}

}
