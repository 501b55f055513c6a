package io.github.clusterboot.bootstrap;

import java.io.File;
import java.util.Map;

import io.github.clusterboot.WorkerIdentity;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.system.ApplicationTemp;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Gives each worker a directory of its own for the sessions that outlive its context,
 * which they do by default under devtools. In the one that Spring Boot uses for all
 * processes of an application, the worker that stops last would overwrite the sessions of
 * the others. A directory that the user has set is left alone.
 */
final class WorkerSessionStore {

	private static final String PERSISTENT = "server.servlet.session.persistent";

	private static final String STORE_DIRECTORY = "server.servlet.session.store-dir";

	private final ConfigurableEnvironment environment;

	WorkerSessionStore(ConfigurableEnvironment environment) {
		this.environment = environment;
	}

	void separate() {
		if (Binder.get(this.environment).bind(PERSISTENT, Boolean.class).orElse(false)
				&& !this.environment.containsProperty(STORE_DIRECTORY)) {
			String index = this.environment.getRequiredProperty(WorkerIdentity.INDEX_PROPERTY);
			File directory = new ApplicationTemp().getDir("servlet-sessions-" + index);
			this.environment.getPropertySources()
				.addLast(new MapPropertySource("clusterWorkerSessionStore",
						Map.of(STORE_DIRECTORY, directory.getPath())));
		}
	}

}
