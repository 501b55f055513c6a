package io.github.clusterboot.launch;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.github.clusterboot.jvm.LaunchCommand;
import io.github.clusterboot.master.loop.MasterLog;
import org.apache.commons.logging.Log;
import org.jspecify.annotations.Nullable;

/**
 * The jars that master and workers run from. They may be replaced by others, but not
 * overwritten: a JVM reads classes from its jars as it needs them.
 * <p>
 * Used by one thread at a time.
 */
final class InstalledJars {

	private static final Log logger = MasterLog.of(InstalledJars.class);

	private final LaunchCommand launch;

	/**
	 * Those that the master runs from.
	 */
	private final Map<Path, JarState> first;

	/**
	 * Those that the last worker was started from.
	 */
	private Map<Path, JarState> previous;

	private boolean reported;

	/**
	 * Remember the jars.
	 * @param launch how master and workers are started
	 */
	InstalledJars(LaunchCommand launch) {
		this.launch = launch;
		this.previous = Map.of();
		this.first = look();
		this.previous = this.first;
	}

	/**
	 * Check whether one has been overwritten since the master or the last worker was
	 * started, and log that once. The classes that this takes have been loaded by then.
	 */
	void check() {
		Map<Path, JarState> now = look();
		Path overwritten = overwritten(now);
		this.previous = now;
		if (overwritten != null && !this.reported) {
			this.reported = true;
			logger
				.warn(overwritten + " was overwritten, so the master, and workers that run from it, may miss classes. "
						+ "Restart the master, and next time replace the file by a rename.");
		}
	}

	private @Nullable Path overwritten(Map<Path, JarState> now) {
		for (Map.Entry<Path, JarState> jar : now.entrySet()) {
			for (Map<Path, JarState> earlier : List.of(this.first, this.previous)) {
				JarState state = earlier.get(jar.getKey());
				if (state != null && state.isOverwrittenBy(jar.getValue())) {
					return jar.getKey();
				}
			}
		}
		return null;
	}

	private Map<Path, JarState> look() {
		Map<Path, JarState> states = new HashMap<>();
		try {
			for (Path jar : this.launch.files()) {
				JarState state = JarState.of(jar, this.previous.get(jar));
				if (state != null) {
					states.put(jar, state);
				}
			}
		}
		catch (IOException ex) {
			logger.debug("Not all jars can be looked at", ex);
		}
		return states;
	}

}
