package io.github.clusterboot.it;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * A client on this machine that makes a new connection for each request and never repeats
 * one. May be used by several threads.
 *
 * @param port the port to connect to
 * @param timeout how long the connect, and then the answer, may take
 */
record HttpProbe(int port, Duration timeout) {

	private static final Map<String, String> CLOSE = Map.of("Connection", "close");

	/**
	 * Return a probe that is more or less patient.
	 * @param timeout how long the connect, and then the answer, may take
	 * @return the probe
	 */
	HttpProbe within(Duration timeout) {
		return new HttpProbe(this.port, timeout);
	}

	HttpAnswer get(String target) {
		return exchange("GET", target, CLOSE, new byte[0]);
	}

	HttpAnswer post(String target) {
		return exchange("POST", target, CLOSE, new byte[0]);
	}

	HttpAnswer post(String target, String contentType, byte[] body) {
		return exchange("POST", target, Map.of("Connection", "close", "Content-Type", contentType), body);
	}

	private HttpAnswer exchange(String method, String target, Map<String, String> headers, byte[] body) {
		long start = System.nanoTime();
		try (HttpConnection connection = connect()) {
			connection.send(method, target, headers, body);
			return connection.receive();
		}
		catch (IOException ex) {
			return HttpAnswer.failed(ex, Duration.ofNanos(System.nanoTime() - start));
		}
	}

	/**
	 * Send a {@code GET} on a thread of its own.
	 * @param target the request target
	 * @return what will come of it
	 */
	CompletableFuture<HttpAnswer> getLater(String target) {
		return later(() -> get(target));
	}

	/**
	 * Let something happen on a thread of its own.
	 * @param action what to do
	 * @param <T> the type of what comes of it
	 * @return what will come of it
	 */
	static <T> CompletableFuture<T> later(Supplier<T> action) {
		Executor newThread = (task) -> new Thread(task, "probe").start();
		return CompletableFuture.supplyAsync(action, newThread);
	}

	/**
	 * Send many {@code GET} requests, one connection each.
	 * @param target the request target
	 * @param requests how many in all
	 * @param clients how many at a time
	 * @return what came of them
	 */
	List<HttpAnswer> get(String target, int requests, int clients) {
		ExecutorService executor = Executors.newFixedThreadPool(clients);
		try {
			Supplier<HttpAnswer> request = () -> get(target);
			List<CompletableFuture<HttpAnswer>> answers = IntStream.range(0, requests)
				.mapToObj((i) -> CompletableFuture.supplyAsync(request, executor))
				.toList();
			return answers.stream().map(CompletableFuture::join).toList();
		}
		finally {
			executor.shutdownNow();
		}
	}

	/**
	 * Open a connection and leave it to the caller.
	 * @return the connection
	 * @throws IOException if there is no connection
	 */
	HttpConnection connect() throws IOException {
		return connect(InetAddress.getLoopbackAddress());
	}

	/**
	 * Open a connection to another address and leave it to the caller.
	 * @param address an address of this machine
	 * @return the connection
	 * @throws IOException if there is no connection
	 */
	HttpConnection connect(InetAddress address) throws IOException {
		return new HttpConnection(new InetSocketAddress(address, this.port), this.timeout);
	}

}
