package io.github.clusterboot.ipc;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes and reads frames. A frame is a length and a {@link Message} in JSON:
 *
 * <pre>
 *  0               1               2               3
 *  0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7
 * +---------------------------------------------------------------+
 * |        length of the message in bytes (big endian)            |
 * +---------------------------------------------------------------+
 * |        the message: one JSON object in UTF-8 ...              |
 * +---------------------------------------------------------------+
 * </pre>
 *
 * A length of less than 2 or more than {@link #MAX_LENGTH} is an error, and so is
 * anything after the JSON object, an object that is no {@link Message}, or one with an
 * unknown property. After an error nothing further can be read from a channel: it has to
 * be closed.
 * <p>
 * All methods may be called from any thread.
 */
public final class FrameCodec {

	/**
	 * The most bytes that a message may have. A journal of 1,000 events stays below it.
	 */
	public static final int MAX_LENGTH = 4 * 1024 * 1024;

	/**
	 * The number of bytes of the length before each message.
	 */
	public static final int LENGTH_FIELD = Integer.BYTES;

	private static final int MIN_LENGTH = 2;

	private static final JsonMapper MAPPER = JsonMapper.builder()
		.enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
		.enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
		.enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
		.build();

	private FrameCodec() {
	}

	/**
	 * Return the frame of a message.
	 * @param message the message
	 * @return the frame, length included
	 * @throws ProtocolException if the message is longer than {@link #MAX_LENGTH}
	 */
	public static byte[] encode(Message message) throws ProtocolException {
		ByteArrayOutputStream frame = new ByteArrayOutputStream(256);
		frame.writeBytes(new byte[LENGTH_FIELD]);
		MAPPER.writerFor(Message.class).writeValue(frame, message);
		byte[] bytes = frame.toByteArray();
		int length = bytes.length - LENGTH_FIELD;
		checkLength(length);
		ByteBuffer.wrap(bytes).putInt(length);
		return bytes;
	}

	/**
	 * Return the message of a frame.
	 * @param message the frame without its length
	 * @return the message
	 * @throws ProtocolException if this is no message
	 */
	public static Message decode(byte[] message) throws ProtocolException {
		try {
			Message decoded = MAPPER.readValue(message, Message.class);
			if (decoded == null) {
				throw new ProtocolException("A frame says 'null'");
			}
			return decoded;
		}
		catch (JacksonException ex) {
			throw new ProtocolException("A frame is not a message: " + ex.getOriginalMessage());
		}
	}

	/**
	 * Read the next frame, and not one byte more. Blocks until the frame is complete.
	 * @param in the stream to read
	 * @return the message
	 * @throws ProtocolException if the frame is malformed
	 * @throws java.io.EOFException if the stream ends
	 * @throws IOException if the stream cannot be read
	 */
	public static Message read(DataInputStream in) throws IOException {
		int length = in.readInt();
		checkLength(length);
		byte[] message = new byte[length];
		in.readFully(message);
		return decode(message);
	}

	private static void checkLength(int length) throws ProtocolException {
		if (length < MIN_LENGTH || length > MAX_LENGTH) {
			throw new ProtocolException("A frame of " + length + " bytes is not allowed");
		}
	}

}
