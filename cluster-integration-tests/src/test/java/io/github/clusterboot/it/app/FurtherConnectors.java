package io.github.clusterboot.it.app;

import java.util.List;

import org.apache.catalina.connector.Connector;
import org.apache.coyote.http2.Http2Protocol;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;

/**
 * Adds connectors to Tomcat: for each of the given ports one without TLS, and one more
 * with TLS and HTTP/2 at a random port.
 */
@Component
@ConditionalOnProperty("it.connector-ports")
class FurtherConnectors implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

	private final List<Integer> ports;

	private final String keyStore;

	private final String password;

	FurtherConnectors(@Value("${it.connector-ports}") List<Integer> ports, @Value("${it.key-store}") String keyStore,
			@Value("${it.key-store-password}") String password) {
		this.ports = ports;
		this.keyStore = keyStore;
		this.password = password;
	}

	@Override
	public void customize(TomcatServletWebServerFactory factory) {
		this.ports.forEach((port) -> factory.addAdditionalConnectors(connector(port)));
		factory.addAdditionalConnectors(withTls(connector(0)));
	}

	private static Connector connector(int port) {
		Connector connector = new Connector(TomcatServletWebServerFactory.DEFAULT_PROTOCOL);
		connector.setPort(port);
		return connector;
	}

	private Connector withTls(Connector connector) {
		connector.setScheme("https");
		connector.setSecure(true);
		connector.setProperty("SSLEnabled", "true");
		SSLHostConfig tls = new SSLHostConfig();
		SSLHostConfigCertificate certificate = new SSLHostConfigCertificate(tls,
				SSLHostConfigCertificate.Type.UNDEFINED);
		certificate.setCertificateKeystoreFile(this.keyStore);
		certificate.setCertificateKeystorePassword(this.password);
		tls.addCertificate(certificate);
		connector.addSslHostConfig(tls);
		connector.addUpgradeProtocol(new Http2Protocol());
		return connector;
	}

}
