package io.github.clusterboot.autoconfigure;

import io.github.clusterboot.worker.MasterLink;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.support.StaticListableBeanFactory;

/**
 * The link to the master as the server of one listener sees it.
 */
final class ListenerLink {

	private ListenerLink() {
	}

	/**
	 * Return the link for a listener.
	 * @param link the link of this process, where there is one
	 * @param properties say which listeners are not the master's
	 * @param listener the name of the listener
	 * @return the link, or none where each worker binds the listener itself
	 */
	static ObjectProvider<MasterLink> of(ObjectProvider<MasterLink> link, ClusterProperties properties,
			String listener) {
		return properties.getExclusiveListeners().contains(listener)
				? new StaticListableBeanFactory().getBeanProvider(MasterLink.class) : link;
	}

}
