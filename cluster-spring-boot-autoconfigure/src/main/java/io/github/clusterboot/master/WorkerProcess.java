package io.github.clusterboot.master;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletableFuture;

/**
 * A worker's process, which has just been started, and what it prints. Owns the process.
 * All methods may be called from any thread.
 */
final class WorkerProcess {

	private final Process process;

	private final WorkerOutput output;

	private final Instant startTime = Instant.now().truncatedTo(ChronoUnit.MILLIS);

	private final long startNanos = System.nanoTime();

	private final CompletableFuture<Integer> exit = new CompletableFuture<>();

	WorkerProcess(Process process, WorkerOutput output) {
		this.process = process;
		this.output = output;
		process.onExit().thenRun(this::look);
	}

	Instant startTime() {
		return this.startTime;
	}

	/**
	 * Return how long ago the process was started.
	 * @return the time
	 */
	Duration age() {
		return Duration.ofNanos(System.nanoTime() - this.startNanos);
	}

	boolean isAlive() {
		return this.process.isAlive();
	}

	/**
	 * Return a future that completes when the process has ended and what it has printed
	 * has been passed on.
	 * @return the exit code
	 */
	CompletableFuture<Integer> exit() {
		return this.exit;
	}

	/**
	 * Look whether the process has ended. The JDK tells of that on a thread which it
	 * makes then, on machines with few processors at least, see the default executor of
	 * {@link CompletableFuture}: there may be none to be had. To wait for the output may
	 * need a thread, too, so the next look tries again what has failed.
	 */
	void look() {
		if (!isAlive() && !this.exit.isDone()) {
			this.output.end().whenComplete((end, failure) -> this.exit.complete(this.process.exitValue()));
		}
	}

	/**
	 * Return the end of what the process has printed.
	 * @return the last lines, as many as fit into an event
	 */
	String lastWords() {
		return this.output.lastWords();
	}

	/**
	 * Do not pass on what the process prints from now on.
	 */
	void holdBackOutput() {
		this.output.holdBack();
	}

	/**
	 * Pass on what the process prints, if it was held back.
	 */
	void releaseOutput() {
		this.output.release();
	}

	/**
	 * Send {@code TERM}.
	 */
	void terminate() {
		// unlike Process, its handle leaves the output open
		this.process.toHandle().destroy();
	}

	/**
	 * Send {@code KILL}.
	 */
	void kill() {
		// as above
		this.process.toHandle().destroyForcibly();
	}

}
