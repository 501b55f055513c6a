package io.github.clusterboot.ipc;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.clusterboot.Cluster;
import io.github.clusterboot.ClusterEvent;
import io.github.clusterboot.ClusterEventType;
import io.github.clusterboot.ClusterState;
import io.github.clusterboot.ClusterView;
import io.github.clusterboot.ExitReason;
import io.github.clusterboot.RestartState;
import io.github.clusterboot.Scheduling;
import io.github.clusterboot.WorkerIdentity;
import io.github.clusterboot.WorkerState;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests for {@link FrameCodec}.
 */
class FrameCodecTests {

	private static final Instant NOW = Instant.parse("2026-11-23T08:00:00.123456789Z");

	private static final WorkerIdentity WORKER = new WorkerIdentity(12, 0, 4_000_000_000L, 3);

	static Stream<Message> messages() {
		return Stream.of(new Message.Hello(1, 12), new Message.Welcome(1, Duration.ofMillis(30_001)),
				new Message.Listen(1, "server", null, 0), new Message.Listen(Long.MAX_VALUE, "management", "::1", 8080),
				new Message.Listening(2, "0.0.0.0", 65535, true, 7, true),
				new Message.ListenFailed(3, "Address already in use: \"ü\" \u2026 \n"), new Message.Readiness(true),
				new Message.Limited(1, "its database is in memory"), new Message.Readiness(false),
				new Message.Accepting("server", true), new Message.EventOccurred(started()),
				new Message.EventOccurred(exited(2)), new Message.ViewQuery(4), new Message.View(0, view()),
				new Message.EventsQuery(5, 0, null), new Message.EventsQuery(6, 41, ClusterEventType.WORKER_EXITED),
				new Message.Events(6, List.of(started(), exited(2))), new Message.Events(7, List.of()),
				new Message.StartFailed("java.net.BindException: in use"), new Message.OpenScoreboard(1, 12),
				new Message.ScoreboardOpened(), new Message.Drain(true), new Message.Drain(false),
				new Message.Draining(true), new Message.RestartCluster(8), new Message.RestartWorker(9, 12),
				new Message.Resize(10, 4), new Message.Done(10), new Message.Refused(9, "There is no worker 12"),
				new Message.OpenHandover(1, 12, "server"), new Message.HandoverOpened(),
				new Message.OpenHandBack(1, 12, "server"), new Message.HandBackOpened(), new Message.RestartCluster(8),
				new Message.RestartWorker(9, 12), new Message.Resize(10, 4), new Message.Done(8),
				new Message.Refused(10, "no"));
	}

	@ParameterizedTest
	@MethodSource("messages")
	void decodeWhenEncodedReturnsEqualMessage(Message message) throws IOException {
		byte[] frame = FrameCodec.encode(message);
		int length = ByteBuffer.wrap(frame).getInt();
		assertThat(length).isEqualTo(frame.length - FrameCodec.LENGTH_FIELD);
		assertThat(FrameCodec.decode(Arrays.copyOfRange(frame, FrameCodec.LENGTH_FIELD, frame.length)))
			.isEqualTo(message);
	}

	@Test
	void messagesOfThisTestAreOfEveryType() {
		List<Class<?>> records = permitted(Message.class).toList();
		assertThat(records).isNotEmpty().allMatch(Class::isRecord);
		assertThat(messages().map(Object::getClass).distinct()).containsExactlyInAnyOrderElementsOf(records);
	}

	/**
	 * A change here needs another {@link Message#PROTOCOL}.
	 */
	@Test
	void recordsAreThoseOfTheProtocol() {
		Map<String, String> records = new TreeMap<>();
		permitted(Message.class).forEach((type) -> collect(type, records));
		String all = Message.PROTOCOL + records.toString();
		assertThat(HexFormat.of().toHexDigits(all.hashCode())).as(all).isEqualTo("25b953fd");
	}

	private static void collect(Class<?> type, Map<String, String> records) {
		List<String> components = new ArrayList<>();
		records.put(type.getSimpleName(), "");
		for (RecordComponent component : type.getRecordComponents()) {
			boolean nullable = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
			components.add(component.getGenericType().getTypeName() + (nullable ? "? " : " ") + component.getName());
			Stream.of(component.getType(), elementOf(component)).forEach((part) -> {
				if (part.isRecord()) {
					collect(part, records);
				}
				else if (part.isEnum()) {
					records.put(part.getSimpleName(), Arrays.toString(part.getEnumConstants()));
				}
			});
		}
		records.put(type.getSimpleName(), components.toString());
	}

	private static Class<?> elementOf(RecordComponent component) {
		return (component.getGenericType() instanceof ParameterizedType list)
				? (Class<?>) list.getActualTypeArguments()[0] : component.getType();
	}

	private static Stream<Class<?>> permitted(Class<?> type) {
		return type.isSealed() ? Stream.of(type.getPermittedSubclasses()).flatMap(FrameCodecTests::permitted).distinct()
				: Stream.of(type);
	}

	@Test
	void readReadsNotOneByteMoreThanTheFrame() throws IOException {
		byte[] first = FrameCodec.encode(new Message.Readiness(true));
		byte[] second = FrameCodec.encode(new Message.Draining(false));
		DataInputStream in = stream(ByteBuffer.allocate(first.length + second.length).put(first).put(second).array());
		assertThat(FrameCodec.read(in)).isEqualTo(new Message.Readiness(true));
		assertThat(in.available()).isEqualTo(second.length);
		assertThat(FrameCodec.read(in)).isEqualTo(new Message.Draining(false));
		assertThatExceptionOfType(EOFException.class).isThrownBy(() -> FrameCodec.read(in));
	}

	@Test
	void readWhenTheStreamEndsWithinAFrameThrowsException() throws IOException {
		byte[] frame = FrameCodec.encode(new Message.Readiness(true));
		DataInputStream in = stream(Arrays.copyOf(frame, frame.length - 1));
		assertThatExceptionOfType(EOFException.class).isThrownBy(() -> FrameCodec.read(in));
	}

	@ParameterizedTest
	@ValueSource(ints = { Integer.MIN_VALUE, -1, 0, 1, 3, FrameCodec.MAX_LENGTH + 1, Integer.MAX_VALUE })
	void readWhenTheLengthIsNotAllowedThrowsException(int length) {
		DataInputStream in = stream(ByteBuffer.allocate(64).putInt(length).array());
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> FrameCodec.read(in))
			.withMessageContaining(String.valueOf(length));
	}

	@Test
	void encodeWhenTheMessageIsAsLongAsAllowedCanBeRead() throws IOException {
		int overhead = FrameCodec.encode(new Message.ListenFailed(1, "")).length - FrameCodec.LENGTH_FIELD;
		Message longest = new Message.ListenFailed(1, "x".repeat(FrameCodec.MAX_LENGTH - overhead));
		byte[] frame = FrameCodec.encode(longest);
		assertThat(frame).hasSize(FrameCodec.LENGTH_FIELD + FrameCodec.MAX_LENGTH);
		assertThat(FrameCodec.read(stream(frame))).isEqualTo(longest);
	}

	@Test
	void encodeWhenTheMessageIsLongerThanAllowedThrowsException() throws IOException {
		int overhead = FrameCodec.encode(new Message.ListenFailed(1, "")).length - FrameCodec.LENGTH_FIELD;
		Message tooLong = new Message.ListenFailed(1, "x".repeat(FrameCodec.MAX_LENGTH - overhead + 1));
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> FrameCodec.encode(tooLong));
	}

	@Test
	void encodeWhenTheJournalIsFullKeepsWellBelowTheLimit() throws IOException {
		List<ClusterEvent> events = IntStream.range(0, 1000).mapToObj(FrameCodecTests::exited).toList();
		assertThat(FrameCodec.encode(new Message.Events(Long.MAX_VALUE, events))).hasSizeLessThan(500_000);
	}

	@Test
	void encodeWhenTheClusterIsAsLargeAsCanBeKeepsBelowTheLimit() throws IOException {
		ClusterView.Worker worker = view().workers().get(0);
		ClusterView largest = new ClusterView(ClusterState.RESTARTING, view().master(), 1, Scheduling.ROUND_ROBIN,
				view().size(), view().listeners(),
				IntStream.range(0, 2 * Cluster.MAX_WORKERS).mapToObj((i) -> worker).toList(), view().restarts(), null,
				null);
		assertThat(FrameCodec.encode(new Message.View(1, largest))).hasSizeLessThan(FrameCodec.MAX_LENGTH);
	}

	@ParameterizedTest
	@MethodSource("messages")
	void decodeWhenAnythingIsMissingThrowsException(Message message) throws IOException {
		byte[] frame = FrameCodec.encode(message);
		for (int end = FrameCodec.LENGTH_FIELD; end < frame.length; end++) {
			assertNoMessage(Arrays.copyOfRange(frame, FrameCodec.LENGTH_FIELD, end));
		}
	}

	@ParameterizedTest
	@MethodSource("messages")
	void decodeWhenSomethingFollowsThrowsException(Message message) throws IOException {
		byte[] frame = FrameCodec.encode(message);
		assertNoMessage(Arrays.copyOfRange(frame, FrameCodec.LENGTH_FIELD, frame.length + 1));
	}

	/**
	 * Whatever comes, it is a message or a {@link ProtocolException}.
	 */
	@ParameterizedTest
	@MethodSource("messages")
	void decodeWhenBytesAreChangedThrowsNothingElse(Message message) throws IOException {
		byte[] frame = FrameCodec.encode(message);
		byte[] encoded = Arrays.copyOfRange(frame, FrameCodec.LENGTH_FIELD, frame.length);
		for (int i = 0; i < encoded.length; i++) {
			for (byte changed : new byte[] { 0, 1, 0x7f, (byte) 0x80, (byte) 0xff }) {
				byte[] bytes = encoded.clone();
				bytes[i] = changed;
				assertThat(catchThrowable(() -> FrameCodec.decode(bytes))).satisfiesAnyOf(
						(failure) -> assertThat(failure).isNull(),
						(failure) -> assertThat(failure).isInstanceOf(ProtocolException.class));
			}
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "\0", "\0\0\0\0", "\0\0\0\7Nothing", "\0\0\0\20java.lang.String", "\0\0\0\7message",
			"GET / HTTP/1.1" })
	void decodeWhenTheNameIsNoMessagesThrowsException(String message) {
		assertNoMessage(bytes(message));
	}

	@Test
	void decodeWhenABooleanIsNoneThrowsException() throws IOException {
		assertThat(FrameCodec.decode(bytes("\0\0\0\11Readiness\1"))).isEqualTo(new Message.Readiness(true));
		assertNoMessage(bytes("\0\0\0\11Readiness\2"));
	}

	@Test
	void decodeWhenAConstantIsUnknownThrowsException() throws IOException {
		String query = "\0\0\0\13EventsQuery\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0\0\1\0\0\0\16";
		assertThat(FrameCodec.decode(bytes(query + "WORKER_STARTED"))).isInstanceOf(Message.EventsQuery.class);
		assertNoMessage(bytes(query + "WORKER_STOPPED"));
	}

	@Test
	void decodeWhenATextIsNoUtf8ThrowsException() {
		byte[] message = bytes("\0\0\0\14ListenFailed\0\0\0\0\0\0\0\1\0\0\0\2??");
		message[message.length - 2] = (byte) 0xc3;
		message[message.length - 1] = (byte) 0x28;
		assertNoMessage(message);
	}

	@Test
	void decodeWhenAnInstantIsOutOfRangeThrowsException() throws IOException {
		byte[] frame = FrameCodec.encode(new Message.EventOccurred(started()));
		// the name, the sequence number and then the seconds
		Arrays.fill(frame, FrameCodec.LENGTH_FIELD + 12 + 8, FrameCodec.LENGTH_FIELD + 12 + 16, (byte) 0x7f);
		assertNoMessage(Arrays.copyOfRange(frame, FrameCodec.LENGTH_FIELD, frame.length));
	}

	private static void assertNoMessage(byte[] message) {
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> FrameCodec.decode(message));
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	private static DataInputStream stream(byte[] bytes) {
		return new DataInputStream(new ByteArrayInputStream(bytes));
	}

	private static ClusterEvent started() {
		return new ClusterEvent(1, NOW, ClusterEventType.WORKER_STARTED, WORKER, null, null, WORKER + " was started");
	}

	private static ClusterEvent exited(int sequence) {
		return new ClusterEvent(sequence, NOW, ClusterEventType.WORKER_EXITED, WORKER, ExitReason.DRAIN_TIMEOUT, 137,
				WORKER + " has exited with code 137 (DRAIN_TIMEOUT): a new worker is started in 30.0 s");
	}

	private static ClusterView view() {
		return new ClusterView(ClusterState.DEGRADED, new ClusterView.Master(4711, NOW), 1, Scheduling.ROUND_ROBIN,
				new ClusterView.Size(2, 1), List.of(new ClusterView.Listener("server", "0.0.0.0", 8080, 1042, 3)),
				List.of(new ClusterView.Worker(1, 0, 4_000_000_000L, 1, WorkerState.OUT_OF_SERVICE, NOW, NOW,
						new ClusterView.Counts(3, 521), new ClusterView.Counts(1, 9_120_000_000L),
						new ClusterView.Memory(214_958_080_000L), NOW),
						new ClusterView.Worker(2, 1, 4713, 1, WorkerState.STARTING, NOW, null,
								new ClusterView.Counts(0, 0), new ClusterView.Counts(0, 0), new ClusterView.Memory(0),
								null)),
				new ClusterView.Restarts(1, 1),
				new ClusterView.LastRestart(2, RestartState.ROLLED_BACK, NOW, NOW, "worker 3 has exited"),
				new ClusterView.Limited(1, "its database is in memory"));
	}

}
