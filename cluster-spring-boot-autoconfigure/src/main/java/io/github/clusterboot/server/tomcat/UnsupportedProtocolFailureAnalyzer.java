package io.github.clusterboot.server.tomcat;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.tomcat.TomcatWebServerFactory;

/**
 * Explains an {@link UnsupportedProtocolException}.
 */
final class UnsupportedProtocolFailureAnalyzer extends AbstractFailureAnalyzer<UnsupportedProtocolException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, UnsupportedProtocolException cause) {
		return new FailureAnalysis(
				"The application has set Tomcat's protocol to " + cause.getProtocol()
						+ ", which cannot serve the connections that the cluster's master hands over.",
				"Leave the protocol at " + TomcatWebServerFactory.DEFAULT_PROTOCOL
						+ ", or switch the cluster off with cluster.enabled=false.",
				cause);
	}

}
