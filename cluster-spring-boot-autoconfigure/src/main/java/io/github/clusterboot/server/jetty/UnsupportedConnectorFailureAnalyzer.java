package io.github.clusterboot.server.jetty;

import org.eclipse.jetty.server.ServerConnector;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Explains an {@link UnsupportedConnectorException}.
 */
final class UnsupportedConnectorFailureAnalyzer extends AbstractFailureAnalyzer<UnsupportedConnectorException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, UnsupportedConnectorException cause) {
		return new FailureAnalysis(
				"The application has added a connector to Jetty of the type " + cause.getConnector()
						+ ", which cannot serve the connections that the cluster's master hands over.",
				"Use " + ServerConnector.class.getName()
						+ " itself, or switch the cluster off with cluster.enabled=false.",
				cause);
	}

}
