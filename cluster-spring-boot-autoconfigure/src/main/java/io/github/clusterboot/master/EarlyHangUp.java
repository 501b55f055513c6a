package io.github.clusterboot.master;

import io.github.clusterboot.master.loop.MasterLog;
import io.github.clusterboot.os.Signals;
import org.apache.commons.logging.Log;
import org.jspecify.annotations.Nullable;

/**
 * Keeps {@code HUP} from ending a process that is about to become a master, as the JVM
 * does by default: its sender wants a restart.
 * <p>
 * All methods may be called from any thread.
 */
public final class EarlyHangUp {

	private static final Log logger = MasterLog.of(EarlyHangUp.class);

	private static Signals.@Nullable Before before;

	private static volatile boolean ignored;

	private EarlyHangUp() {
	}

	/**
	 * Ignore the signal from now on.
	 */
	public static synchronized void ignore() {
		if (before == null) {
			try {
				before = Signals.handle("HUP", (number) -> ignored = true);
			}
			catch (IllegalArgumentException ex) {
				// with -Xrs the JVM leaves signals to the system
			}
		}
	}

	/**
	 * Leave the signal to the JVM again, since the process does not become a master.
	 */
	public static synchronized void leave() {
		if (before != null) {
			before.restoring().run();
			before = null;
		}
	}

	/**
	 * Say that a signal was ignored, if one was.
	 */
	static void tell() {
		if (ignored) {
			ignored = false;
			logger.info("SIGHUP ignored: it came before there was a cluster to restart");
		}
	}

}
