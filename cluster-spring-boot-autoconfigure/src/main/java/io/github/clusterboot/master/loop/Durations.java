package io.github.clusterboot.master.loop;

import java.time.Duration;
import java.util.Locale;

/**
 * Durations as people read them.
 */
public final class Durations {

	private static final long MILLIS_TO_SHOW_AS_SECONDS = 1000;

	private Durations() {
	}

	public static String format(Duration duration) {
		long millis = duration.toMillis();
		if (millis < MILLIS_TO_SHOW_AS_SECONDS) {
			return millis + " ms";
		}
		return String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
	}

}
