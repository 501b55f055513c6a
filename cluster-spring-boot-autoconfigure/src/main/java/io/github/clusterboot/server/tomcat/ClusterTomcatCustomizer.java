package io.github.clusterboot.server.tomcat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.clusterboot.worker.ListenerNames;
import io.github.clusterboot.worker.MasterLink;
import org.apache.catalina.Context;
import org.apache.catalina.connector.Connector;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.tomcat.TomcatProtocolHandlerCustomizer;
import org.springframework.boot.tomcat.TomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;

/**
 * Has an embedded Tomcat serve the connections that the master hands over. Does nothing
 * if this process is not a worker.
 */
public final class ClusterTomcatCustomizer implements WebServerFactoryCustomizer<TomcatWebServerFactory>, Ordered {

	private final ObjectProvider<MasterLink> link;

	private final ListenerNames listeners;

	/**
	 * Create a customizer.
	 * @param link the link to the master, if there is one
	 * @param listeners the names of the listeners that the connections come from
	 */
	public ClusterTomcatCustomizer(ObjectProvider<MasterLink> link, ListenerNames listeners) {
		this.link = link;
		this.listeners = listeners;
	}

	/**
	 * A server with a negative port does not listen, so it does not need the master.
	 */
	@Override
	public void customize(TomcatWebServerFactory factory) {
		if (factory.getPort() >= 0) {
			this.link.ifAvailable((available) -> customize(factory, available));
		}
	}

	private void customize(TomcatWebServerFactory factory, MasterLink link) {
		List<Context> contexts = new CopyOnWriteArrayList<>();
		factory.addContextCustomizers(contexts::add, new ConnectorReplacer(link, this.listeners, contexts));
		if (!this.listeners.isExclusive(1)) {
			useClusterProtocol(factory, link, contexts);
		}
		factory.addEngineValves(new RequestCountingValve(ClusterTomcatCustomizer::isOfTheCluster, link::requestBegun,
				link::requestCompleted));
	}

	private void useClusterProtocol(TomcatWebServerFactory factory, MasterLink link, List<Context> contexts) {
		if (!factory.getProtocol().equals(TomcatWebServerFactory.DEFAULT_PROTOCOL)) {
			throw new UnsupportedProtocolException(factory.getProtocol());
		}
		factory.setProtocol(ClusterHttp11NioProtocol.class.getName());
		factory.addProtocolHandlerCustomizers(
				(TomcatProtocolHandlerCustomizer<ClusterHttp11NioProtocol>) (protocol) -> protocol.connectTo(link,
						this.listeners.of(1), contexts));
	}

	private static boolean isOfTheCluster(Connector connector) {
		return connector.getProtocolHandler() instanceof ClusterHttp11NioProtocol;
	}

	/**
	 * Last, to see what the application has set.
	 */
	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

}
