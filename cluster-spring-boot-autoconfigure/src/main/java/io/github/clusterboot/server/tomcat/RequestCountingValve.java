package io.github.clusterboot.server.tomcat;

import java.io.IOException;

import io.github.clusterboot.ipc.Scoreboard;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;

/**
 * Counts requests on the scoreboard: begun when Tomcat has read their head, completed
 * when their answer is, also where that is asynchronous.
 */
final class RequestCountingValve extends ValveBase {

	private final Scoreboard.Slot figures;

	RequestCountingValve(Scoreboard.Slot figures) {
		super(true);
		this.figures = figures;
	}

	@Override
	public void invoke(Request request, Response response) throws IOException, ServletException {
		this.figures.requestBegun();
		try {
			getNext().invoke(request, response);
		}
		finally {
			if (request.isAsync()) {
				request.getAsyncContext().addListener(new CompletionListener());
			}
			else {
				this.figures.requestCompleted();
			}
		}
	}

	/**
	 * Every asynchronous request is completed in the end, also after an error or a
	 * time-out, see {@link AsyncListener#onComplete}.
	 */
	private final class CompletionListener implements AsyncListener {

		@Override
		public void onComplete(AsyncEvent event) {
			RequestCountingValve.this.figures.requestCompleted();
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
