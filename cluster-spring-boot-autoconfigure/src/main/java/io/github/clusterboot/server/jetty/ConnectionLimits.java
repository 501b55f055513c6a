package io.github.clusterboot.server.jetty;

import java.util.List;

import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;

/**
 * The limits of a server's connections. Jetty makes them for certain connectors; those of
 * Spring Boot are made before it puts in the ones for TLS, or look for connectors while
 * there are none.
 */
final class ConnectionLimits {

	private ConnectionLimits() {
	}

	/**
	 * Let each limit of a server that has not been started hold for its present
	 * connectors.
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
	 * Return a limit like another for certain connectors.
	 * @param bean the other limit, or anything else
	 * @param connectors the connectors
	 * @return the limit, or the bean itself if it is none of Jetty's limits
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
