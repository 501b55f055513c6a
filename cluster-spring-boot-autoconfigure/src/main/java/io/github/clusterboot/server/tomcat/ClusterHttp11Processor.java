package io.github.clusterboot.server.tomcat;

import org.apache.coyote.Adapter;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.apache.coyote.http11.Http11Processor;

/**
 * Tomcat's processor of HTTP/1.1, which lets {@link LastAnswerHook} ask about the request
 * and {@link UnpolledSocketWrapper} know how it has ended.
 */
final class ClusterHttp11Processor extends Http11Processor {

	ClusterHttp11Processor(AbstractHttp11Protocol<?> protocol, Adapter adapter) {
		super(protocol, adapter);
	}

	/**
	 * Return whether the request has no body, or one that has been read to its end.
	 * @return whether nothing of it is left to be read
	 */
	boolean isRequestRead() {
		return isRequestBodyFullyRead();
	}

	/**
	 * Tell the connection whether the client has nothing more to send before it has the
	 * answer.
	 * @param complete whether request and answer are complete
	 */
	void exchangeComplete(boolean complete) {
		if (getSocketWrapper() instanceof UnpolledSocketWrapper connection) {
			connection.exchangeComplete(complete);
		}
	}

}
