package io.github.clusterboot.server.jetty;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

import io.github.clusterboot.worker.ListenerNames;
import io.github.clusterboot.worker.MasterLink;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.NetworkConnector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

import org.springframework.boot.jetty.JettyServerCustomizer;

/**
 * Replaces a server's connectors by {@link ClusterServerConnector}s, except those that
 * open no port, and those whose listener is not the master's.
 */
final class ConnectorReplacer implements JettyServerCustomizer {

	private final MasterLink link;

	private final ListenerNames listeners;

	/**
	 * Create a replacer.
	 * @param link the link to the master
	 * @param listeners the names of the listeners that the connectors belong to
	 */
	ConnectorReplacer(MasterLink link, ListenerNames listeners) {
		this.link = link;
		this.listeners = listeners;
	}

	@Override
	public void customize(Server server) {
		List<Connector> connectors = new ArrayList<>();
		List<ClusterServerConnector> replacements = new ArrayList<>();
		int number = 0;
		for (Connector connector : server.getConnectors()) {
			if (connector instanceof NetworkConnector && !this.listeners.isExclusive(++number)) {
				ClusterServerConnector replacement = replace(connector, this.listeners.of(number));
				replacements.add(replacement);
				connectors.add(replacement);
			}
			else {
				connectors.add(connector);
			}
		}
		server.setConnectors(connectors.toArray(Connector[]::new));
		ConnectionLimits.apply(server,
				connectors.stream()
					.filter(AbstractConnector.class::isInstance)
					.map(AbstractConnector.class::cast)
					.toArray(AbstractConnector[]::new));
		watchRequests(replacements);
	}

	private ClusterServerConnector replace(Connector connector, String listener) {
		if (!(connector instanceof ServerConnector source) || !ConnectorSettings.areAllOf(source)) {
			throw new UnsupportedConnectorException(connector.getClass().getName());
		}
		ClusterServerConnector replacement = new ClusterServerConnector(source, this.link, listener);
		ConnectorSettings.copy(source, replacement);
		return replacement;
	}

	private void watchRequests(List<ClusterServerConnector> connectors) {
		HttpConfiguration.Customizer counter = new RequestCounter(this.link::requestBegun, this.link::requestCompleted);
		httpConfigurations(connectors).forEach((configuration) -> {
			configuration.addCustomizer(counter);
			configuration.addCustomizer(new LastAnswers());
		});
	}

	/**
	 * Several protocols of a connector may share a configuration.
	 */
	private static Set<HttpConfiguration> httpConfigurations(List<ClusterServerConnector> connectors) {
		Set<HttpConfiguration> configurations = Collections.newSetFromMap(new IdentityHashMap<>());
		for (ClusterServerConnector connector : connectors) {
			for (ConnectionFactory factory : connector.getConnectionFactories()) {
				if (factory instanceof HttpConfiguration.ConnectionFactory http) {
					configurations.add(http.getHttpConfiguration());
				}
			}
		}
		return configurations;
	}

}
