package io.github.clusterboot.it.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

import io.github.clusterboot.it.HttpAnswer;
import io.github.clusterboot.it.HttpConnection;
import org.jspecify.annotations.Nullable;

/**
 * One client: it sends one request after the other and repeats none. It connects anew
 * after an answer with {@code Connection: close}, after a failure, and where it sees,
 * before it sends, that the server has closed the connection in good order. Used by one
 * thread.
 */
final class LoadClient implements Callable<LoadClient.Log> {

	private final Traffic traffic;

	private final String name;

	private final InetSocketAddress address;

	private final Duration timeout;

	private final Pace pace;

	private final List<Exchange> exchanges = new ArrayList<>();

	private int closedIdle;

	private int moved;

	private @Nullable HttpConnection connection;

	private int requestsOnConnection;

	private int lastWorker;

	LoadClient(Traffic traffic, String name, InetSocketAddress address, Duration timeout, Pace pace) {
		this.traffic = traffic;
		this.name = name;
		this.address = address;
		this.timeout = timeout;
		this.pace = pace;
	}

	@Override
	public Log call() throws IOException, InterruptedException {
		try {
			for (int number = 0; this.pace.next(); number++) {
				this.exchanges.add(exchange(this.traffic.request(this.name + "-" + number, number)));
			}
			return new Log(this.traffic, this.exchanges, this.closedIdle, this.moved);
		}
		finally {
			disconnect();
		}
	}

	private Exchange exchange(LoadRequest request) throws IOException, InterruptedException {
		Instant start = Instant.now();
		long startNanos = System.nanoTime();
		HttpAnswer answer = send(request, startNanos);
		Exchange exchange = new Exchange(this.traffic, request.id(), request.endingOf(answer), answer.status(),
				Integer.parseInt(answer.headers().getOrDefault("X-Worker-Id", "0")), this.requestsOnConnection, start,
				since(startNanos));
		noteOnConnection(exchange);
		if (!this.traffic.isKeptAlive() || !exchange.isOk()
				|| "close".equalsIgnoreCase(answer.headers().get("Connection"))) {
			disconnect();
		}
		return exchange;
	}

	private HttpAnswer send(LoadRequest request, long startNanos) throws InterruptedException {
		try {
			HttpConnection connection = connection();
			request.send(connection);
			return connection.receive();
		}
		catch (IOException ex) {
			return HttpAnswer.failed(ex, since(startNanos));
		}
	}

	private HttpConnection connection() throws IOException {
		if (this.connection != null && this.connection.isClosedByPeer()) {
			this.closedIdle++;
			disconnect();
		}
		if (this.connection == null) {
			this.connection = new HttpConnection(this.address, this.timeout);
		}
		return this.connection;
	}

	private void noteOnConnection(Exchange exchange) {
		if (this.requestsOnConnection > 0 && exchange.isOk() && exchange.worker() != this.lastWorker) {
			this.moved++;
		}
		this.lastWorker = exchange.worker();
		this.requestsOnConnection++;
	}

	private void disconnect() throws IOException {
		this.requestsOnConnection = 0;
		if (this.connection != null) {
			this.connection.close();
			this.connection = null;
		}
	}

	private static Duration since(long startNanos) {
		return Duration.ofNanos(System.nanoTime() - startNanos);
	}

	/**
	 * What a client has seen.
	 *
	 * @param traffic the kind of its requests
	 * @param exchanges its requests
	 * @param closedIdle how often the server had closed the connection between requests
	 * @param moved how often another worker than before answered on the same connection
	 */
	record Log(Traffic traffic, List<Exchange> exchanges, int closedIdle, int moved) {

	}

}
