package io.github.clusterboot.server.tomcat;

import java.util.List;

import io.github.clusterboot.worker.MasterLink;
import org.apache.catalina.Context;
import org.apache.coyote.Processor;
import org.apache.coyote.Request;
import org.apache.coyote.Response;
import org.apache.coyote.http11.Http11NioProtocol;

/**
 * Tomcat's HTTP/1.1 protocol over connections that the master hands over. Tomcat creates
 * it by its class name; {@link #connectTo} has to be called before it starts.
 */
public final class ClusterHttp11NioProtocol extends Http11NioProtocol {

	private final ClusterNioEndpoint endpoint;

	/**
	 * Create a protocol that is not linked to a master yet.
	 */
	public ClusterHttp11NioProtocol() {
		this(new ClusterNioEndpoint());
	}

	private ClusterHttp11NioProtocol(ClusterNioEndpoint endpoint) {
		super(endpoint);
		this.endpoint = endpoint;
	}

	/**
	 * Take the connections from a listener of the master.
	 * @param link the link to the master
	 * @param listener the listener's name
	 * @param contexts the contexts that the server will have
	 */
	void connectTo(MasterLink link, String listener, List<Context> contexts) {
		this.endpoint.connectTo(link, listener, contexts);
	}

	ClusterNioEndpoint endpoint() {
		return this.endpoint;
	}

	@Override
	protected Processor createProcessor() {
		ClusterHttp11Processor processor = new ClusterHttp11Processor(this, getAdapter());
		LastAnswerHook.install(processor, this.endpoint::isDraining);
		return processor;
	}

	/**
	 * Tomcat calls this for each answer that has a body, and then decides how to mark the
	 * body's end.
	 */
	@Override
	public boolean useCompression(Request request, Response response) {
		boolean compress = super.useCompression(request, response);
		if (this.endpoint.isDraining()) {
			LastAnswerHook.keepChunking(request, response);
		}
		return compress;
	}

}
