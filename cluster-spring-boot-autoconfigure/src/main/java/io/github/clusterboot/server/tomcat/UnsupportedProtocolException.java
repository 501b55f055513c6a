package io.github.clusterboot.server.tomcat;

/**
 * The application has set a protocol of Tomcat that cannot serve the connections that the
 * master hands over.
 */
final class UnsupportedProtocolException extends RuntimeException {

	private final String protocol;

	UnsupportedProtocolException(String protocol) {
		super("The Tomcat protocol " + protocol + " cannot serve the cluster's connections");
		this.protocol = protocol;
	}

	String getProtocol() {
		return this.protocol;
	}

}
