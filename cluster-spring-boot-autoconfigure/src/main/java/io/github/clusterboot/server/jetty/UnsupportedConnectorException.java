package io.github.clusterboot.server.jetty;

/**
 * The application has given Jetty a connector that cannot serve connections that the
 * master hands over.
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
