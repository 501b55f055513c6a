package io.github.clusterboot.server.jetty;

import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;

import org.springframework.boot.ssl.SslBundleKey;

/**
 * The settings of a {@link ServerConnector} that are not arguments of its constructor.
 */
final class ConnectorSettings {

	/**
	 * Spring Boot's connector for TLS is a {@link ServerConnector} that looks for its key
	 * when it starts. The class is not public.
	 */
	private static final String SSL_CONNECTOR = "org.springframework.boot.jetty.SslServerCustomizer$SslValidatingServerConnector";

	private ConnectorSettings() {
	}

	/**
	 * Return whether a connector consists of its settings only; a subclass may do more.
	 * @param connector the connector
	 * @return whether a copy of its settings can replace it
	 */
	static boolean areAllOf(ServerConnector connector) {
		return connector.getClass() == ServerConnector.class || isSslConnector(connector);
	}

	private static boolean isSslConnector(ServerConnector connector) {
		return connector.getClass().getName().equals(SSL_CONNECTOR);
	}

	/**
	 * Copy the settings of a connector that has not been started, except those of the
	 * listening socket, which the master owns.
	 * @param source the connector
	 * @param target its replacement
	 */
	static void copy(ServerConnector source, ServerConnector target) {
		if (isSslConnector(source)) {
			assertThatKeyIsThere(source.getConnectionFactory(SslConnectionFactory.class).getSslContextFactory());
		}
		target.setHost(source.getHost());
		target.setPort(source.getPort());
		target.setName(source.getName());
		if (!source.getDefaultProtocol().equals(target.getDefaultProtocol())) {
			target.setDefaultProtocol(source.getDefaultProtocol());
		}
		target.setIdleTimeout(source.getIdleTimeout());
		target.setShutdownIdleTimeout(source.getShutdownIdleTimeout());
		target.setAcceptQueueSize(source.getAcceptQueueSize());
		target.setAcceptorPriorityDelta(source.getAcceptorPriorityDelta());
		target.setAccepting(source.isAccepting());
		target.setAcceptedTcpNoDelay(source.getAcceptedTcpNoDelay());
		target.setAcceptedReceiveBufferSize(source.getAcceptedReceiveBufferSize());
		target.setAcceptedSendBufferSize(source.getAcceptedSendBufferSize());
		// listeners are beans, too
		source.getBeans()
			.stream()
			.filter((bean) -> isAdded(bean, source))
			.forEach((bean) -> copy(bean, source, target));
	}

	private static void assertThatKeyIsThere(SslContextFactory ssl) {
		SslBundleKey.of(null, ssl.getCertAlias()).assertContainsAlias(ssl.getKeyStore());
	}

	/**
	 * The other beans are arguments of the constructor.
	 */
	private static boolean isAdded(Object bean, ServerConnector connector) {
		return bean != connector.getExecutor() && bean != connector.getScheduler()
				&& bean != connector.getByteBufferPool() && !(bean instanceof SelectorManager)
				&& !(bean instanceof ConnectionFactory);
	}

	private static void copy(Object bean, ServerConnector source, ServerConnector target) {
		Object copy = ConnectionLimits.forConnectors(bean, target);
		if (source.isAuto(bean)) {
			target.addBean(copy);
		}
		else {
			target.addBean(copy, source.isManaged(bean));
		}
	}

}
