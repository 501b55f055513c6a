package io.github.clusterboot.autoconfigure;

import java.util.List;

import io.github.clusterboot.worker.MasterLink;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * The names of the listeners that a worker binds itself.
 */
final class ExclusiveListeners {

	private ExclusiveListeners() {
	}

	/**
	 * Bind the names, which the master has checked.
	 * @param link the link to the master
	 * @param environment the application's environment
	 * @return the names; none if there is no master
	 */
	static List<String> of(ObjectProvider<MasterLink> link, Environment environment) {
		if (link.getIfAvailable() == null) {
			return List.of();
		}
		return Binder.get(environment)
			.bind("cluster.exclusive-listeners", Bindable.listOf(String.class))
			.orElseGet(List::of);
	}

}
