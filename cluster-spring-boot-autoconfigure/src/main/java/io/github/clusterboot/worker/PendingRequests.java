package io.github.clusterboot.worker;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

import io.github.clusterboot.ipc.Message;

/**
 * The requests that the master has not answered yet, by number. May be used from any
 * thread.
 */
final class PendingRequests {

	private final AtomicLong lastNumber = new AtomicLong();

	private final Map<Long, CompletableFuture<Message.Answer>> answers = new ConcurrentHashMap<>();

	/**
	 * Send a request and wait for its answer.
	 * @param send sends the request with the number that it is given
	 * @param timeout how long to wait
	 * @return the answer
	 * @throws MasterUnavailableException if there is none in time
	 */
	Message.Answer await(LongConsumer send, Duration timeout) throws MasterUnavailableException {
		long number = this.lastNumber.incrementAndGet();
		CompletableFuture<Message.Answer> answer = new CompletableFuture<>();
		this.answers.put(number, answer);
		try {
			send.accept(number);
			return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (TimeoutException ex) {
			throw new MasterUnavailableException(
					"The master has not answered within " + timeout.toSeconds() + " seconds");
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new MasterUnavailableException("Interrupted while waiting for the master's answer");
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException("An answer is never exceptional", ex);
		}
		finally {
			this.answers.remove(number);
		}
	}

	/**
	 * Pass an answer to the thread that waits for it. If that has given up, the answer is
	 * ignored.
	 * @param answer the answer
	 */
	void answered(Message.Answer answer) {
		CompletableFuture<Message.Answer> waiting = this.answers.remove(answer.request());
		if (waiting != null) {
			waiting.complete(answer);
		}
	}

}
