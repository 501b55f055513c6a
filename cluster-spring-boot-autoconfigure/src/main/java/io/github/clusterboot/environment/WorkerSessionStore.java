package io.github.clusterboot.environment;

import java.io.File;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.system.ApplicationTemp;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.util.StringUtils;

/**
 * Gives each worker a directory of its own for the sessions that outlive its context,
 * which they do by default under devtools. In one that several workers share, the worker
 * that stops last would overwrite the sessions of the others. A directory that already
 * tells workers apart stays.
 */
final class WorkerSessionStore {

	private static final String NAME = "clusterWorkerSessionStore";

	private static final String PERSISTENT = "server.servlet.session.persistent";

	private static final String STORE_DIRECTORY = "server.servlet.session.store-dir";

	private final ConfigurableEnvironment environment;

	private final IdentityProbe probe;

	WorkerSessionStore(ConfigurableEnvironment environment) {
		this.environment = environment;
		this.probe = new IdentityProbe(environment);
	}

	/**
	 * Adapt the environment. Applications may share it, so it may have been adapted
	 * before.
	 */
	void separate() {
		this.environment.getPropertySources().remove(NAME);
		if (Binder.get(this.environment).bind(PERSISTENT, Boolean.class).orElse(false)) {
			File directory = this.environment.containsProperty(STORE_DIRECTORY) ? inSharedDirectory()
					: new ApplicationTemp().getDir("servlet-sessions-" + this.probe.index());
			if (directory != null) {
				this.environment.getPropertySources()
					.addFirst(new MapPropertySource(NAME, Map.of(STORE_DIRECTORY, directory.getPath())));
			}
		}
	}

	private @Nullable File inSharedDirectory() {
		String shared = this.probe.shared((binder) -> binder.bind(STORE_DIRECTORY, String.class).orElse(null));
		return StringUtils.hasLength(shared) ? new File(shared, "worker-" + this.probe.index()) : null;
	}

}
