package io.github.clusterboot.server.jetty;

/**
 * The application has added a connector to Jetty that cannot serve the connections that
 * the master hands over.
 */
final class UnsupportedConnectorException extends RuntimeException {

	private final String connector;

	UnsupportedConnectorException(String connector) {
		super("The Jetty connector " + connector + " cannot serve the cluster's connections");
		this.connector = connector;
	}

	String getConnector() {
		return this.connector;
	}

}
