package io.github.clusterboot.autoconfigure;

import java.util.List;

import io.github.clusterboot.worker.ListenerNames;
import io.github.clusterboot.worker.MasterLink;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * Binds the names of the listeners that a worker binds itself. The master has checked
 * them. Nothing is bound in another role, in which {@code cluster.*} may be the
 * application's own.
 */
final class ListenerNamesBinder {

	private static final String EXCLUSIVE = "cluster.exclusive-listeners";

	private ListenerNamesBinder() {
	}

	static ListenerNames bind(String first, ObjectProvider<MasterLink> link, Environment environment) {
		return new ListenerNames(first, (link.getIfAvailable() != null) ? exclusive(environment) : List.of());
	}

	private static List<String> exclusive(Environment environment) {
		return Binder.get(environment).bind(EXCLUSIVE, Bindable.listOf(String.class)).orElseGet(List::of);
	}

}
