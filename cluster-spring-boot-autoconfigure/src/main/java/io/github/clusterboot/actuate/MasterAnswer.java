package io.github.clusterboot.actuate;

import io.github.clusterboot.worker.CommandRefusedException;
import io.github.clusterboot.worker.MasterClient;
import io.github.clusterboot.worker.MasterUnavailableException;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/**
 * Makes the response of an endpoint from what the master answers. The status is 503, with
 * a reason, if the master does not answer, refuses, or there is none.
 */
final class MasterAnswer {

	private static final String STANDALONE = "The application runs without a cluster (role STANDALONE)";

	private MasterAnswer() {
	}

	/**
	 * Ask the master.
	 * @param master the client of this worker, or {@code null} in role {@code STANDALONE}
	 * @param question what to ask
	 * @return the response
	 */
	static WebEndpointResponse<?> to(@Nullable MasterClient master, Question question) {
		if (master == null) {
			return UnavailableDescriptor.response(STANDALONE);
		}
		try {
			return question.ask(master);
		}
		catch (MasterUnavailableException | CommandRefusedException ex) {
			return UnavailableDescriptor.response(String.valueOf(ex.getMessage()));
		}
	}

	/**
	 * Asks the master and makes the response from its answer.
	 */
	@FunctionalInterface
	interface Question {

		WebEndpointResponse<?> ask(MasterClient master) throws MasterUnavailableException, CommandRefusedException;

	}

}
