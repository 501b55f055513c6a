package io.github.clusterboot.server.tomcat;

import org.apache.coyote.Adapter;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.apache.coyote.http11.Http11Processor;

/**
 * Tomcat's processor of HTTP/1.1, which tells {@link LastAnswerHook} about the request,
 * and {@link UnpolledSocketWrapper} how it has ended.
 */
final class ClusterHttp11Processor extends Http11Processor {

	ClusterHttp11Processor(AbstractHttp11Protocol<?> protocol, Adapter adapter) {
		super(protocol, adapter);
	}

	/**
	 * Return whether the request has no body, or one that has been read to its end.
	 * @return whether nothing is left to be read
	 */
	boolean isRequestRead() {
		return isRequestBodyFullyRead();
	}

	/**
	 * Tell the connection that the answer is not complete.
	 */
	void exchangeGoesOn() {
		exchangeComplete(false);
	}

	/**
	 * Tell the connection whether the client has sent everything, now that it has the
	 * answer. After an error that is not known: if Tomcat has not understood how long the
	 * body is, it treats the request as one without a body.
	 */
	void exchangeEnds() {
		exchangeComplete(isRequestRead() && !getErrorState().isError() && getLeftoverInput() == null);
	}

	private void exchangeComplete(boolean complete) {
		if (getSocketWrapper() instanceof UnpolledSocketWrapper connection) {
			connection.exchangeComplete(complete);
		}
	}

}
