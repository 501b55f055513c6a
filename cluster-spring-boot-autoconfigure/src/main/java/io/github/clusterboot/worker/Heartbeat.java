package io.github.clusterboot.worker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.github.clusterboot.ipc.Scoreboard;
import io.github.clusterboot.ipc.ScoreboardSlot;

/**
 * Shows the master at every {@link Scoreboard#HEARTBEAT_INTERVAL} that this JVM runs, and
 * how much memory it has.
 */
final class Heartbeat {

	private static final Path STATUS = Path.of("/proc/self/status");

	private static final String RESIDENT = "VmRSS:";

	private static final long BYTES_PER_KIB = 1024;

	/**
	 * Not more often: the kernel adds up the figures of all processors, see
	 * {@code proc(5)}.
	 */
	private static final Duration RESIDENT_INTERVAL = Duration.ofSeconds(1);

	private final ScoreboardSlot figures;

	private long resident;

	private long residentRead = System.nanoTime() - RESIDENT_INTERVAL.toNanos();

	private Heartbeat(ScoreboardSlot figures) {
		this.figures = figures;
	}

	/**
	 * Beat from now on, on a separate thread, for as long as the process lives.
	 * @param figures the slot on the scoreboard that shows it
	 */
	static void start(ScoreboardSlot figures) {
		Heartbeat heartbeat = new Heartbeat(figures);
		long interval = Scoreboard.HEARTBEAT_INTERVAL.toMillis();
		Executors.newSingleThreadScheduledExecutor((task) -> {
			Thread thread = new Thread(task, "cluster-heartbeat");
			thread.setDaemon(true);
			thread.setPriority(Thread.MAX_PRIORITY);
			return thread;
		}).scheduleAtFixedRate(heartbeat::beat, 0, interval, TimeUnit.MILLISECONDS);
	}

	private void beat() {
		try {
			updateResident();
		}
		catch (IOException | RuntimeException | OutOfMemoryError ex) {
			// keep the last known size: an exception would end the beats, see
			// ScheduledExecutorService.scheduleAtFixedRate
		}
		this.figures.beat(System.currentTimeMillis(), this.resident);
	}

	private void updateResident() throws IOException {
		long now = System.nanoTime();
		if (now - this.residentRead >= RESIDENT_INTERVAL.toNanos()) {
			this.residentRead = now;
			this.resident = readResident();
		}
	}

	/**
	 * Return the resident size, see {@code proc(5)}.
	 * @return the size in bytes, or 0 if the system does not tell
	 */
	private static long readResident() throws IOException {
		try (Stream<String> lines = Files.lines(STATUS)) {
			return lines.filter((line) -> line.startsWith(RESIDENT))
				.mapToLong((line) -> Long.parseLong(line.replaceAll("\\D", "")) * BYTES_PER_KIB)
				.findFirst()
				.orElse(0);
		}
	}

}
