package io.github.clusterboot.server.jetty;

import io.github.clusterboot.worker.ListenerNames;
import io.github.clusterboot.worker.MasterLink;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.jetty.JettyWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;

/**
 * Has an embedded Jetty serve the connections that the master hands over. Does nothing if
 * this process is not a worker.
 */
public final class ClusterJettyCustomizer implements WebServerFactoryCustomizer<JettyWebServerFactory>, Ordered {

	private final ObjectProvider<MasterLink> link;

	private final ListenerNames listeners;

	/**
	 * Create a customizer.
	 * @param link the link to the master, if there is one
	 * @param listeners the names of the listeners that the connections come from
	 */
	public ClusterJettyCustomizer(ObjectProvider<MasterLink> link, ListenerNames listeners) {
		this.link = link;
		this.listeners = listeners;
	}

	/**
	 * The server's own customizers run in the order in which they were added, after
	 * Spring Boot has set up TLS, so the last one sees the final connectors. A server
	 * with a negative port does not listen, so it does not need the master.
	 */
	@Override
	public void customize(JettyWebServerFactory factory) {
		if (factory.getPort() >= 0) {
			this.link.ifAvailable(
					(available) -> factory.addServerCustomizers(new ConnectorReplacer(available, this.listeners)));
		}
	}

	/**
	 * Last, to see what the application has set.
	 */
	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

}
