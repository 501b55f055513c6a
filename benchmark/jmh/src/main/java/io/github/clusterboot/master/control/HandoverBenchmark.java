package io.github.clusterboot.master.control;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;

import io.github.clusterboot.master.dispatch.HandoverAccess;
import io.netty.channel.unix.Socket;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a connection costs on its way through the master to the worker, in one process but
 * over the sockets that a cluster has.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 1, jvmArgsAppend = "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED")
public class HandoverBenchmark {

	private static final int BATCH = HandoverAccess.WINDOW / 2;

	private HandingMaster master;

	private ServerSocketChannel plain;

	private SocketChannel peer;

	private Socket connection;

	/**
	 * Start both halves.
	 * @throws IOException if that fails
	 */
	@Setup
	public void open() throws IOException {
		this.master = new HandingMaster();
		this.plain = ServerSocketChannel.open().bind(new InetSocketAddress("127.0.0.1", 0), 1024);
		this.connection = Socket.newSocketStream();
		this.connection.connect(this.plain.getLocalAddress());
		this.peer = this.plain.accept();
	}

	/**
	 * End both halves.
	 * @throws IOException if that fails
	 */
	@TearDown
	public void close() throws IOException {
		this.connection.close();
		this.peer.close();
		this.plain.close();
		this.master.close();
	}

	/**
	 * The yardstick: a connection is made, accepted and closed without a master.
	 * @throws IOException if that fails
	 */
	@Benchmark
	public void accept() throws IOException {
		try (SocketChannel client = connect((InetSocketAddress) this.plain.getLocalAddress());
				SocketChannel accepted = this.plain.accept()) {
			accepted.configureBlocking(false);
		}
	}

	/**
	 * The whole way: a connection is made, accepted by the master's event loop,
	 * scheduled, handed over, taken and closed. Two threads take turns, so wake-ups
	 * count.
	 * @throws IOException if that fails
	 */
	@Benchmark
	public void acceptHandOverTake() throws IOException {
		try (SocketChannel client = connect(this.master.address())) {
			this.master.worker().close(this.master.worker().take());
		}
	}

	/**
	 * Only handing over and taking, on one thread: one connection, again and again.
	 * @throws IOException if that fails
	 */
	@Benchmark
	public void handOverTake() throws IOException {
		this.master.send(this.connection.intValue());
		this.master.worker().close(this.master.worker().take());
	}

	/**
	 * The same with several connections under way at once.
	 * @throws IOException if that fails
	 */
	@Benchmark
	@OperationsPerInvocation(BATCH)
	public void handOverTakeMany() throws IOException {
		for (int i = 0; i < BATCH; i++) {
			this.master.send(this.connection.intValue());
		}
		for (int i = 0; i < BATCH; i++) {
			this.master.worker().close(this.master.worker().take());
		}
	}

	private static SocketChannel connect(InetSocketAddress address) throws IOException {
		SocketChannel client = SocketChannel.open(address);
		// a reset, so that no port waits for its time to pass
		client.setOption(StandardSocketOptions.SO_LINGER, 0);
		return client;
	}

}
