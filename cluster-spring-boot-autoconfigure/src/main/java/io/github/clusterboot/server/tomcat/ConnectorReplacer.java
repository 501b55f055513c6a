package io.github.clusterboot.server.tomcat;

import java.util.List;

import io.github.clusterboot.worker.ListenerNames;
import io.github.clusterboot.worker.MasterLink;
import org.apache.catalina.Context;
import org.apache.catalina.Engine;
import org.apache.catalina.Lifecycle;
import org.apache.catalina.LifecycleEvent;
import org.apache.catalina.LifecycleListener;
import org.apache.catalina.Service;
import org.apache.catalina.connector.Connector;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.boot.tomcat.TomcatContextCustomizer;

/**
 * Replaces the connectors that the application has added to the server's own by ones with
 * a {@link ClusterHttp11NioProtocol}, except those whose listener is not the master's,
 * and those that a copy of their settings cannot replace.
 */
final class ConnectorReplacer implements TomcatContextCustomizer, LifecycleListener {

	private static final Log logger = LogFactory.getLog(ConnectorReplacer.class);

	private final MasterLink link;

	private final ListenerNames listeners;

	private final List<Context> contexts;

	/**
	 * Create a replacer.
	 * @param link the link to the master
	 * @param listeners the names of the listeners that the connectors belong to
	 * @param contexts the contexts that the server will have
	 */
	ConnectorReplacer(MasterLink link, ListenerNames listeners, List<Context> contexts) {
		this.link = link;
		this.listeners = listeners;
		this.contexts = contexts;
	}

	/**
	 * The engine is initialised last before the connectors, so their settings are final.
	 */
	@Override
	public void customize(Context context) {
		context.getParent().getParent().addLifecycleListener(this);
	}

	@Override
	public void lifecycleEvent(LifecycleEvent event) {
		if (event.getType().equals(Lifecycle.BEFORE_INIT_EVENT)) {
			replaceFurtherConnectors(((Engine) event.getLifecycle()).getService());
		}
	}

	private void replaceFurtherConnectors(Service service) {
		Connector[] connectors = service.findConnectors();
		for (int i = 1; i < connectors.length; i++) {
			// even one that stays is added again, to keep the order
			service.removeConnector(connectors[i]);
			service.addConnector(replaceUnlessExclusive(connectors[i], i + 1));
		}
	}

	private Connector replaceUnlessExclusive(Connector connector, int number) {
		if (this.listeners.isExclusive(number)) {
			return connector;
		}
		String listener = this.listeners.of(number);
		if (!ConnectorSettings.areAllOf(connector)) {
			logger.warn("The " + connector + ", which would be the listener '" + listener
					+ "', cannot serve the connections that the cluster's master hands over, since it is not a plain "
					+ "Connector with Http11NioProtocol. Each worker binds its port itself: add " + listener
					+ " to cluster.exclusive-listeners and give it a port per worker, by ${cluster.worker.index}");
			return connector;
		}
		return replace(connector, listener);
	}

	private Connector replace(Connector connector, String listener) {
		ClusterHttp11NioProtocol protocol = new ClusterHttp11NioProtocol();
		Connector replacement = new Connector(protocol);
		ConnectorSettings.copy(connector, replacement);
		protocol.connectTo(this.link, listener, this.contexts);
		return replacement;
	}

}
