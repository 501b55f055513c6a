package io.github.clusterboot.server.jetty;

import java.util.List;

import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;

/**
 * The limits of a server's connections. Jetty creates them for certain connectors; Spring
 * Boot creates its own before it adds the connectors for TLS, or while there are none.
 */
final class ConnectionLimits {

	private ConnectionLimits() {
	}

	/**
	 * Apply each limit of a server that has not been started to its present connectors.
	 * @param server the server
	 * @param connectors the connectors
	 */
	static void apply(Server server, AbstractConnector... connectors) {
		for (Object bean : List.copyOf(server.getBeans())) {
			Object limit = forConnectors(bean, connectors);
			if (limit != bean) {
				server.removeBean(bean);
				server.addBean(limit);
			}
		}
	}

	/**
	 * Copy a limit for certain connectors.
	 * @param bean the limit, or any other bean
	 * @param connectors the connectors
	 * @return the copy, or the bean itself if it is not one of Jetty's limits
	 */
	@SuppressWarnings("removal")
	static Object forConnectors(Object bean, AbstractConnector... connectors) {
		if (bean.getClass() == NetworkConnectionLimit.class) {
			return copy((NetworkConnectionLimit) bean, connectors);
		}
		if (bean.getClass() == org.eclipse.jetty.server.ConnectionLimit.class) {
			return copy((org.eclipse.jetty.server.ConnectionLimit) bean, connectors);
		}
		return bean;
	}

	private static NetworkConnectionLimit copy(NetworkConnectionLimit limit, AbstractConnector... connectors) {
		NetworkConnectionLimit copy = new NetworkConnectionLimit(limit.getMaxNetworkConnectionCount(), connectors);
		copy.setEndPointIdleTimeout(limit.getEndPointIdleTimeout());
		return copy;
	}

	@SuppressWarnings("removal")
	private static org.eclipse.jetty.server.ConnectionLimit copy(org.eclipse.jetty.server.ConnectionLimit limit,
			AbstractConnector... connectors) {
		org.eclipse.jetty.server.ConnectionLimit copy = new org.eclipse.jetty.server.ConnectionLimit(
				limit.getMaxConnections(), connectors);
		copy.setIdleTimeout(limit.getIdleTimeout());
		return copy;
	}

}
