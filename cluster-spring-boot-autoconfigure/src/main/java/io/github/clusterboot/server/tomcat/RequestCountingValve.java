package io.github.clusterboot.server.tomcat;

import java.io.IOException;
import java.util.function.Predicate;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;

/**
 * Counts requests on the scoreboard: as begun when Tomcat has read their head, and as
 * completed when their answer is complete, even if that is asynchronous.
 */
final class RequestCountingValve extends ValveBase {

	private static final String COUNTED = RequestCountingValve.class.getName();

	private final Predicate<Connector> counted;

	private final Runnable onBegin;

	private final Runnable onCompletion;

	/**
	 * Create a valve.
	 * @param counted the connectors whose requests are counted
	 * @param onBegin counts a request that begins
	 * @param onCompletion counts a request that has been completed
	 */
	RequestCountingValve(Predicate<Connector> counted, Runnable onBegin, Runnable onCompletion) {
		super(true);
		this.counted = counted;
		this.onBegin = onBegin;
		this.onCompletion = onCompletion;
	}

	@Override
	public void invoke(Request request, Response response) throws IOException, ServletException {
		// an asynchronous request comes here again with each dispatch
		if (request.getNote(COUNTED) != null || !this.counted.test(request.getConnector())) {
			getNext().invoke(request, response);
		}
		else {
			request.setNote(COUNTED, true);
			count(request, response);
		}
	}

	private void count(Request request, Response response) throws IOException, ServletException {
		this.onBegin.run();
		try {
			getNext().invoke(request, response);
		}
		finally {
			if (request.isAsync()) {
				request.getAsyncContext().addListener(new CompletionListener());
			}
			else {
				this.onCompletion.run();
			}
		}
	}

	/**
	 * Every asynchronous request is completed in the end, even after an error or a
	 * timeout, see {@link AsyncListener#onComplete}.
	 */
	private final class CompletionListener implements AsyncListener {

		@Override
		public void onComplete(AsyncEvent event) {
			RequestCountingValve.this.onCompletion.run();
		}

		@Override
		public void onTimeout(AsyncEvent event) {
		}

		@Override
		public void onError(AsyncEvent event) {
		}

		@Override
		public void onStartAsync(AsyncEvent event) {
			event.getAsyncContext().addListener(this);
		}

	}

}
