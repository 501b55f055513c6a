package io.github.clusterboot.ipc;

import java.io.DataInputStream;
import java.io.IOException;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * The formats of the types that messages are made of. Numbers are big endian.
 * <ul>
 * <li>{@code boolean}: a byte, 0 or 1</li>
 * <li>{@code int}, {@code long}: 4 bytes, 8 bytes</li>
 * <li>{@link String}: the number of bytes as an {@code int}, and the text in UTF-8</li>
 * <li>an enum: the constant's name as a string</li>
 * <li>{@link Instant}, {@link Duration}: seconds as a {@code long}, nanoseconds as an
 * {@code int}</li>
 * <li>{@link List}: the number of elements as an {@code int}, and the elements</li>
 * <li>a record: its components in their order</li>
 * <li>whatever is {@link Nullable}: a {@code boolean} that says whether there is a value,
 * and the value if there is one</li>
 * </ul>
 */
final class ValueFormats {

	static final ValueFormat<Boolean> BOOLEAN = ValueFormat.of((value, out) -> out.writeBoolean(value),
			ValueFormats::readBoolean);

	static final ValueFormat<String> STRING = ValueFormat.of((value, out) -> {
		byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
		out.writeInt(bytes.length);
		out.write(bytes);
	}, ValueFormats::readString);

	private static final ValueFormat<Integer> INT = ValueFormat.of((value, out) -> out.writeInt(value),
			DataInputStream::readInt);

	private static final ValueFormat<Long> LONG = ValueFormat.of((value, out) -> out.writeLong(value),
			DataInputStream::readLong);

	private static final ValueFormat<Instant> INSTANT = ValueFormat.of((value, out) -> {
		out.writeLong(value.getEpochSecond());
		out.writeInt(value.getNano());
	}, (in) -> readTime(in, Instant::ofEpochSecond));

	private static final ValueFormat<Duration> DURATION = ValueFormat.of((value, out) -> {
		out.writeLong(value.getSeconds());
		out.writeInt(value.getNano());
	}, (in) -> readTime(in, Duration::ofSeconds));

	private static final Map<Class<?>, ValueFormat<?>> SIMPLE = Map.of(boolean.class, BOOLEAN, String.class, STRING,
			int.class, INT, Integer.class, INT, long.class, LONG, Instant.class, INSTANT, Duration.class, DURATION);

	private ValueFormats() {
	}

	/**
	 * Return the format of a type.
	 * @param type the type, with its annotations
	 * @return the format
	 */
	@SuppressWarnings("unchecked")
	static ValueFormat<@Nullable Object> of(AnnotatedType type) {
		ValueFormat<?> format = (type instanceof AnnotatedParameterizedType list)
				? listOf(of(list.getAnnotatedActualTypeArguments()[0])) : of((Class<?>) type.getType());
		return (ValueFormat<@Nullable Object>) (type.isAnnotationPresent(Nullable.class) ? nullable(format) : format);
	}

	private static ValueFormat<?> of(Class<?> type) {
		if (type.isRecord()) {
			return RecordFormat.of(type);
		}
		return Objects.requireNonNull(type.isEnum() ? enumeration(type) : SIMPLE.get(type), type::getName);
	}

	private static <T> ValueFormat<@Nullable T> nullable(ValueFormat<T> format) {
		return ValueFormat.of((value, out) -> {
			out.writeBoolean(value != null);
			if (value != null) {
				format.write(value, out);
			}
		}, (in) -> readBoolean(in) ? format.read(in) : null);
	}

	private static <T> ValueFormat<List<T>> listOf(ValueFormat<T> format) {
		return ValueFormat.of((value, out) -> {
			out.writeInt(value.size());
			for (T element : value) {
				format.write(element, out);
			}
		}, (in) -> {
			int count = readCount(in);
			List<T> elements = new ArrayList<>();
			for (int i = 0; i < count; i++) {
				elements.add(format.read(in));
			}
			return List.copyOf(elements);
		});
	}

	private static ValueFormat<Enum<?>> enumeration(Class<?> type) {
		Map<String, Enum<?>> constants = Stream.of(type.getEnumConstants())
			.map((constant) -> (Enum<?>) constant)
			.collect(Collectors.toMap(Enum::name, (constant) -> constant));
		return ValueFormat.of((value, out) -> STRING.write(value.name(), out), (in) -> {
			Enum<?> constant = constants.get(STRING.read(in));
			if (constant == null) {
				throw new ProtocolException("There is no such " + type.getSimpleName());
			}
			return constant;
		});
	}

	private static boolean readBoolean(DataInputStream in) throws IOException {
		int value = in.readUnsignedByte();
		if (value > 1) {
			throw new ProtocolException("A boolean is " + value);
		}
		return value == 1;
	}

	private static String readString(DataInputStream in) throws IOException {
		byte[] bytes = in.readNBytes(readCount(in));
		try {
			return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
		}
		catch (CharacterCodingException ex) {
			throw new ProtocolException("A string is not in UTF-8");
		}
	}

	private static <T> T readTime(DataInputStream in, TimeFactory<T> factory) throws IOException {
		long seconds = in.readLong();
		int nanos = in.readInt();
		try {
			return factory.of(seconds, nanos);
		}
		catch (DateTimeException | ArithmeticException ex) {
			throw new ProtocolException("A time is out of range");
		}
	}

	/**
	 * Whatever is counted takes a byte each at the least.
	 */
	private static int readCount(DataInputStream in) throws IOException {
		int count = in.readInt();
		if (count < 0 || count > in.available()) {
			throw new ProtocolException("There are no " + count + " more");
		}
		return count;
	}

	/**
	 * Creates a point or an amount of time.
	 *
	 * @param <T> the type
	 */
	@FunctionalInterface
	private interface TimeFactory<T> {

		T of(long seconds, long nanos);

	}

}
