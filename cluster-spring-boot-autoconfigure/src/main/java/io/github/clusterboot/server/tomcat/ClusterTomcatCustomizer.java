package io.github.clusterboot.server.tomcat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.clusterboot.worker.MasterLink;
import org.apache.catalina.Context;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.tomcat.TomcatProtocolHandlerCustomizer;
import org.springframework.boot.tomcat.TomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;

/**
 * Lets an embedded Tomcat serve the connections that the master hands over. Does nothing
 * where this process is no worker.
 */
public final class ClusterTomcatCustomizer implements WebServerFactoryCustomizer<TomcatWebServerFactory>, Ordered {

	private final ObjectProvider<MasterLink> link;

	private final String listener;

	/**
	 * Create a customizer.
	 * @param link the link to the master, where there is one
	 * @param listener the name of the listener that the server's connections come from
	 */
	public ClusterTomcatCustomizer(ObjectProvider<MasterLink> link, String listener) {
		this.link = link;
		this.listener = listener;
	}

	@Override
	public void customize(TomcatWebServerFactory factory) {
		this.link.ifAvailable((available) -> customize(factory, available));
	}

	private void customize(TomcatWebServerFactory factory, MasterLink link) {
		if (!factory.getProtocol().equals(TomcatWebServerFactory.DEFAULT_PROTOCOL)) {
			throw new UnsupportedProtocolException(factory.getProtocol());
		}
		List<Context> contexts = new CopyOnWriteArrayList<>();
		factory.addContextCustomizers(contexts::add);
		factory.setProtocol(ClusterHttp11NioProtocol.class.getName());
		factory.addProtocolHandlerCustomizers(
				(TomcatProtocolHandlerCustomizer<ClusterHttp11NioProtocol>) (protocol) -> protocol.connectTo(link,
						this.listener, contexts));
		factory.addEngineValves(new RequestCountingValve(link::requestBegun, link::requestCompleted));
	}

	/**
	 * Last, so that what the application sets is known.
	 */
	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

}
