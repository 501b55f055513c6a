package io.github.clusterboot.bootstrap;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;

import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The contexts of applications that ran in this JVM before its role was decided. Those
 * that are open in a master hold what only an application needs, and each worker has them
 * once more.
 */
final class EarlierContexts {

	private static final Set<ConfigurableApplicationContext> CONTEXTS = Collections
		.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

	private EarlierContexts() {
	}

	static void add(ConfigurableApplicationContext context) {
		CONTEXTS.add(context);
	}

	/**
	 * Return what is still open.
	 * @return the names of the applications' contexts
	 */
	static List<String> open() {
		synchronized (CONTEXTS) {
			return CONTEXTS.stream()
				.filter(ConfigurableApplicationContext::isActive)
				.map(ApplicationContext::getDisplayName)
				.sorted()
				.toList();
		}
	}

}
