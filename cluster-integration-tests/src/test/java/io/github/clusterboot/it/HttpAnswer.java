package io.github.clusterboot.it;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What came of a request.
 *
 * @param outcome whether an answer came, and whole
 * @param status the status code, 0 without an answer
 * @param headers the header fields; their names are looked up without regard to case
 * @param body the body, decoded where it came in chunks
 * @param elapsed from before the connect, or the sending, to the last byte
 */
public record HttpAnswer(Outcome outcome, int status, Map<String, String> headers, byte[] body, Duration elapsed) {

	static final JsonMapper JSON = JsonMapper.shared();

	/**
	 * Return what came of a request that failed.
	 * @param ex how it failed
	 * @param elapsed how long it took to fail
	 * @return the answer that there is not
	 */
	public static HttpAnswer failed(IOException ex, Duration elapsed) {
		return new HttpAnswer(Outcome.of(ex), 0, Map.of(), new byte[0], elapsed);
	}

	boolean isOk() {
		return this.outcome == Outcome.ANSWERED && this.status == 200;
	}

	/**
	 * Return which worker answered.
	 * @return the worker's id
	 */
	int workerId() {
		String id = this.headers.get("X-Worker-Id");
		if (id == null) {
			throw new AssertionError("No X-Worker-Id in " + this);
		}
		return Integer.parseInt(id);
	}

	String text() {
		return new String(this.body, StandardCharsets.UTF_8);
	}

	JsonNode json() {
		return JSON.readTree(this.body);
	}

	<T> T json(Class<T> type) {
		return JSON.readValue(this.body, type);
	}

	@Override
	public String toString() {
		return this.outcome + " " + this.status + " " + this.headers + " after " + this.elapsed.toMillis() + " ms";
	}

	/**
	 * How an exchange can end.
	 */
	public enum Outcome {

		/**
		 * The whole answer came, whatever its status.
		 */
		ANSWERED,

		/**
		 * Nobody listens.
		 */
		REFUSED,

		/**
		 * The other side reset the connection.
		 */
		RESET,

		/**
		 * The other side closed the connection before the answer was whole.
		 */
		SHORT,

		/**
		 * The answer was not there in time.
		 */
		TIMED_OUT;

		static Outcome of(IOException ex) {
			if (ex instanceof ConnectException) {
				return REFUSED;
			}
			if (ex instanceof SocketTimeoutException) {
				return TIMED_OUT;
			}
			if (ex instanceof EOFException) {
				return SHORT;
			}
			if (ex instanceof SocketException) {
				return RESET;
			}
			throw new IllegalStateException(ex);
		}

	}

}
