package io.github.clusterboot.server.jetty;

import io.github.clusterboot.worker.MasterLink;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.jetty.JettyWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;

/**
 * Lets an embedded Jetty serve the connections that the master hands over. Does nothing
 * where this process is no worker.
 */
public final class ClusterJettyCustomizer implements WebServerFactoryCustomizer<JettyWebServerFactory>, Ordered {

	private final ObjectProvider<MasterLink> link;

	private final String listener;

	/**
	 * Create a customizer.
	 * @param link the link to the master, where there is one
	 * @param listener the name of the listener that the server's connections come from
	 */
	public ClusterJettyCustomizer(ObjectProvider<MasterLink> link, String listener) {
		this.link = link;
		this.listener = listener;
	}

	/**
	 * The server's own customizers run in the order in which they were added, after
	 * Spring Boot has set up TLS, so that the last one sees the connectors as they are
	 * meant to be.
	 */
	@Override
	public void customize(JettyWebServerFactory factory) {
		this.link
			.ifAvailable((available) -> factory.addServerCustomizers(new ConnectorReplacer(available, this.listener)));
	}

	/**
	 * Last, so that what the application sets is known.
	 */
	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

}
