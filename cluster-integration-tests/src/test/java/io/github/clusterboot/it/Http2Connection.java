package io.github.clusterboot.it;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * One HTTP/2 connection without TLS, with prior knowledge (RFC 9113, section 3.3), frame
 * by frame. The JDK's client breaks off its streams when it is told to go away (before
 * JDK 24). Not for use by several threads.
 */
final class Http2Connection implements AutoCloseable {

	private static final int DATA = 0;

	private static final int HEADERS = 1;

	private static final int SETTINGS = 4;

	private static final int PING = 6;

	private static final int GOAWAY = 7;

	private static final int ACK = 1;

	private static final int END_STREAM = 1;

	private static final int END_HEADERS = 4;

	private final Socket socket;

	private final DataInputStream in;

	private final DataOutputStream out;

	private int lastStream = -1;

	private boolean toldToGoAway;

	Http2Connection(int port, Duration timeout) throws IOException {
		this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
		this.socket.setSoTimeout((int) timeout.toMillis());
		this.in = new DataInputStream(this.socket.getInputStream());
		this.out = new DataOutputStream(this.socket.getOutputStream());
		this.out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
		send(SETTINGS, 0, 0, new byte[0]);
	}

	/**
	 * Send a {@code GET} over a new stream.
	 * @param target the request target
	 * @throws IOException if the connection is broken
	 */
	void get(String target) throws IOException {
		this.lastStream += 2;
		ByteArrayOutputStream fields = new ByteArrayOutputStream();
		// of the static table, RFC 7541, appendix A: :method GET, :scheme http, and the
		// names :path and :authority
		fields.write(0x82);
		fields.write(0x86);
		writeField(fields, 4, target);
		writeField(fields, 1, "localhost");
		send(HEADERS, END_STREAM | END_HEADERS, this.lastStream, fields.toByteArray());
	}

	private static void writeField(ByteArrayOutputStream fields, int name, String value) {
		fields.write(name);
		fields.write(value.length());
		fields.writeBytes(value.getBytes(StandardCharsets.US_ASCII));
	}

	/**
	 * Read the answer to the last request.
	 * @return the body
	 * @throws IOException if the connection is broken, or nothing comes in time
	 */
	String answer() throws IOException {
		ByteArrayOutputStream body = new ByteArrayOutputStream();
		while (true) {
			int head = this.in.readInt();
			int flags = this.in.readUnsignedByte();
			int stream = this.in.readInt();
			byte[] payload = this.in.readNBytes(head >>> 8);
			switch (head & 0xff) {
				case SETTINGS, PING -> acknowledge(head & 0xff, flags, payload);
				case GOAWAY -> this.toldToGoAway = true;
				case DATA -> body.writeBytes(payload);
				default -> {
					// nothing that the test wants to know
				}
			}
			if (stream == this.lastStream && (head & 0xff) <= HEADERS && (flags & END_STREAM) != 0) {
				return body.toString(StandardCharsets.UTF_8);
			}
		}
	}

	private void acknowledge(int type, int flags, byte[] payload) throws IOException {
		if ((flags & ACK) == 0) {
			send(type, ACK, 0, (type == PING) ? payload : new byte[0]);
		}
	}

	/**
	 * Return whether the server has said that no stream is to be begun any more.
	 * @return whether a {@code GOAWAY} has come with what has been read
	 */
	boolean isToldToGoAway() {
		return this.toldToGoAway;
	}

	private void send(int type, int flags, int stream, byte[] payload) throws IOException {
		this.out.writeInt(payload.length << 8 | type);
		this.out.writeByte(flags);
		this.out.writeInt(stream);
		this.out.write(payload);
		this.out.flush();
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

}
