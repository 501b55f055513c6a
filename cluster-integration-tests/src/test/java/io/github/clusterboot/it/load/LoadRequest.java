package io.github.clusterboot.it.load;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;

import io.github.clusterboot.it.HttpAnswer;
import io.github.clusterboot.it.HttpConnection;

/**
 * A request and how it is sent.
 *
 * @param id the id, which no other request has
 * @param bytes all of the request
 * @param body the body that is expected back, empty where there is none
 * @param pieces in how many pieces the bytes are sent
 * @param pause the time between two pieces
 */
record LoadRequest(String id, byte[] bytes, byte[] body, int pieces, Duration pause) {

	void send(HttpConnection connection) throws IOException, InterruptedException {
		int size = (this.bytes.length + this.pieces - 1) / this.pieces;
		for (int from = 0; from < this.bytes.length; from += size) {
			if (from > 0) {
				// a client that is slow: nothing waits for this time to pass
				Thread.sleep(this.pause.toMillis());
			}
			connection.send(Arrays.copyOfRange(this.bytes, from, Math.min(from + size, this.bytes.length)));
		}
	}

	/**
	 * Say what became of this request.
	 * @param answer what came of it
	 * @return the ending
	 */
	Ending endingOf(HttpAnswer answer) {
		return switch (answer.outcome()) {
			case REFUSED -> Ending.REFUSED;
			case RESET -> Ending.RESET;
			case SHORT -> Ending.SHORT;
			case TIMED_OUT -> Ending.TIMED_OUT;
			case ANSWERED -> endingOfWhole(answer);
		};
	}

	private Ending endingOfWhole(HttpAnswer answer) {
		if (answer.status() / 100 != 2) {
			return Ending.NOT_2XX;
		}
		String answeredId = answer.headers().getOrDefault(Traffic.REQUEST_ID_HEADER, this.id);
		boolean isAsSent = this.body.length == 0 || Arrays.equals(this.body, answer.body());
		return (answeredId.equals(this.id) && isAsSent) ? Ending.OK : Ending.WRONG;
	}

}
