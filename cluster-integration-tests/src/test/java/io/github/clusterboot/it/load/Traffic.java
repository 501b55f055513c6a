package io.github.clusterboot.it.load;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

import io.github.clusterboot.it.HttpConnection;

/**
 * The kinds of requests that there are.
 */
public enum Traffic {

	/**
	 * {@code GET} and {@code POST} in turn, each over a connection of its own.
	 */
	NEW_CONNECTION(false, Duration.ZERO) {

		@Override
		byte[] body(int number) {
			return (number % 2 == 0) ? NO_BODY : randomBody(SMALL_BODY);
		}

	},

	/**
	 * {@code GET} and {@code POST} in turn, one after the other over one connection.
	 */
	KEPT_ALIVE(true, Duration.ZERO) {

		@Override
		byte[] body(int number) {
			return (number % 2 == 0) ? NO_BODY : randomBody(SMALL_BODY);
		}

	},

	/**
	 * Requests that a worker executes for two seconds, over one connection.
	 */
	SLOW_REQUEST(true, Duration.ZERO) {

		@Override
		byte[] body(int number) {
			return NO_BODY;
		}

		@Override
		String getTarget() {
			return "/slow?millis=2000";
		}

	},

	/**
	 * Requests that a worker executes for 5 ms, and 2 of 100 for 500 ms, each over a
	 * connection of its own.
	 */
	MIXED_NEW_CONNECTION(false, Duration.ZERO) {

		@Override
		byte[] body(int number) {
			return NO_BODY;
		}

		@Override
		String getTarget() {
			return mixedTarget();
		}

	},

	/**
	 * The same, one after the other over one connection.
	 */
	MIXED_KEPT_ALIVE(true, Duration.ZERO) {

		@Override
		byte[] body(int number) {
			return NO_BODY;
		}

		@Override
		String getTarget() {
			return mixedTarget();
		}

	},

	/**
	 * {@code POST} with a body that is sent in pieces for two seconds, over one
	 * connection.
	 */
	SLOW_UPLOAD(true, Duration.ofMillis(500)) {

		@Override
		byte[] body(int number) {
			return randomBody(LARGE_BODY);
		}

	};

	static final String REQUEST_ID_HEADER = "X-Request-Id";

	private static final byte[] NO_BODY = new byte[0];

	private static final int SMALL_BODY = 1000;

	// The kernel buffers of a connection and Tomcat's own are smaller.
	private static final int LARGE_BODY = 1_000_000;

	private static final int PIECES = 5;

	private final boolean keptAlive;

	private final Duration pauseBetweenPieces;

	Traffic(boolean keptAlive, Duration pauseBetweenPieces) {
		this.keptAlive = keptAlive;
		this.pauseBetweenPieces = pauseBetweenPieces;
	}

	boolean isKeptAlive() {
		return this.keptAlive;
	}

	/**
	 * Return a request.
	 * @param id its id
	 * @param number how many requests this client has sent before
	 * @return the request
	 */
	LoadRequest request(String id, int number) {
		byte[] body = body(number);
		Map<String, String> headers = Map.of(REQUEST_ID_HEADER, id, "Connection",
				this.keptAlive ? "keep-alive" : "close", "Content-Type", "application/octet-stream");
		byte[] bytes = (body.length == 0) ? HttpConnection.request("GET", getTarget(), headers, body)
				: HttpConnection.request("POST", "/echo", headers, body);
		return new LoadRequest(id, bytes, body, this.pauseBetweenPieces.isZero() ? 1 : PIECES, this.pauseBetweenPieces);
	}

	String getTarget() {
		return "/worker";
	}

	private static String mixedTarget() {
		return "/slow?millis=" + ((ThreadLocalRandom.current().nextInt(100) < 2) ? 500 : 5);
	}

	abstract byte[] body(int number);

	private static byte[] randomBody(int length) {
		byte[] body = new byte[length];
		ThreadLocalRandom.current().nextBytes(body);
		return body;
	}

	@Override
	public String toString() {
		return name().toLowerCase().replace('_', ' ');
	}

}
