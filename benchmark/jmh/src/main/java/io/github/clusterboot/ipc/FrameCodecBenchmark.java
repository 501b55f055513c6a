package io.github.clusterboot.ipc;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.github.clusterboot.ClusterState;
import io.github.clusterboot.ClusterView;
import io.github.clusterboot.Scheduling;
import io.github.clusterboot.WorkerState;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs to write and to read a frame: a short one, and the longest that a cluster
 * of 16 workers sends often.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class FrameCodecBenchmark {

	private static final int WORKERS = 16;

	/**
	 * Which message.
	 */
	@Param({ "readiness", "view" })
	public String message = "";

	private Message decoded;

	private byte[] frame;

	/**
	 * Make the message and its frame.
	 * @throws ProtocolException never
	 */
	@Setup
	public void prepare() throws ProtocolException {
		this.decoded = this.message.equals("view") ? new Message.View(1, view()) : new Message.Readiness(true);
		this.frame = FrameCodec.encode(this.decoded);
	}

	private static ClusterView view() {
		Instant now = Instant.ofEpochMilli(1_764_000_000_000L);
		List<ClusterView.Worker> workers = IntStream.range(0, WORKERS)
			.mapToObj((index) -> new ClusterView.Worker(index + 1, index, 4712 + index, 1, WorkerState.READY, now, now,
					new ClusterView.Counts(3, 521), new ClusterView.Counts(1, 9120),
					new ClusterView.Memory(214_958_080), now))
			.toList();
		return new ClusterView(ClusterState.RUNNING, new ClusterView.Master(4711, now), 1, Scheduling.ROUND_ROBIN,
				new ClusterView.Size(WORKERS, WORKERS),
				List.of(new ClusterView.Listener(ClusterView.Listener.SERVER, "0.0.0.0", 8080, 1042, 0)), workers,
				new ClusterView.Restarts(1, 1), null, null);
	}

	/**
	 * Write a frame.
	 * @return the frame
	 * @throws ProtocolException never
	 */
	@Benchmark
	public byte[] encode() throws ProtocolException {
		return FrameCodec.encode(this.decoded);
	}

	/**
	 * Read a frame.
	 * @return the message
	 * @throws IOException never
	 */
	@Benchmark
	public Message read() throws IOException {
		return FrameCodec.read(new DataInputStream(new ByteArrayInputStream(this.frame)));
	}

}
