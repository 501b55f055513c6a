package io.github.clusterboot.ipc;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes and reads frames. A frame is a length and a {@link Message}:
 *
 * <pre>
 *  0               1               2               3
 *  0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7
 * +---------------------------------------------------------------+
 * |        length of the message in bytes (big endian)            |
 * +---------------------------------------------------------------+
 * |        the simple name of the message's record: a string ...  |
 * +---------------------------------------------------------------+
 * |        the record ...                                         |
 * +---------------------------------------------------------------+
 * </pre>
 *
 * {@link ValueFormats} says what a string and a record look like. A length of less than
 * {@link #LENGTH_FIELD} or more than {@link #MAX_LENGTH} is an error, and so is an
 * unknown name, a value that is none of its type, or anything after the record. After an
 * error nothing further can be read from a channel: it has to be closed.
 * <p>
 * This is not JSON because the library for that was a seventh of the master's classes,
 * and took a second of the processors' time while the first worker started.
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

	private static final Map<String, Class<?>> MESSAGES = records(Message.class)
		.collect(Collectors.toMap(Class::getSimpleName, (type) -> type));

	private FrameCodec() {
	}

	private static Stream<Class<?>> records(Class<?> type) {
		return type.isSealed() ? Stream.of(type.getPermittedSubclasses()).flatMap(FrameCodec::records).distinct()
				: Stream.of(type);
	}

	/**
	 * Return the frame of a message.
	 * @param message the message
	 * @return the frame, length included
	 * @throws ProtocolException if the message is longer than {@link #MAX_LENGTH}
	 */
	public static byte[] encode(Message message) throws ProtocolException {
		ByteArrayOutputStream frame = new ByteArrayOutputStream(256);
		try (DataOutputStream out = new DataOutputStream(frame)) {
			out.writeInt(0);
			ValueFormats.STRING.write(message.getClass().getSimpleName(), out);
			RecordFormat.of(message.getClass()).write(message, out);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
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
	 * @throws ProtocolException if this is not a message
	 */
	public static Message decode(byte[] message) throws ProtocolException {
		try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(message))) {
			Class<?> type = MESSAGES.get(ValueFormats.STRING.read(in));
			if (type == null) {
				throw new ProtocolException("There is no message of this name");
			}
			Message decoded = (Message) RecordFormat.of(type).read(in);
			if (in.available() > 0) {
				throw new ProtocolException("Something follows the message");
			}
			return decoded;
		}
		catch (EOFException ex) {
			throw new ProtocolException("A frame ends within the message");
		}
		catch (ProtocolException ex) {
			throw ex;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
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
		if (length < LENGTH_FIELD || length > MAX_LENGTH) {
			throw new ProtocolException("A frame of " + length + " bytes is not allowed");
		}
	}

}
