package io.github.clusterboot.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.awaitility.Awaitility;

/**
 * Refuses system calls of one process for a while, by {@code strace(1)}. It follows all
 * threads, and children until they execute another program: workers are not affected.
 */
final class RefusingTracer implements AutoCloseable {

	private static final Duration TIME_TO_ATTACH = Duration.ofSeconds(20);

	private final long pid;

	private final Process tracer;

	private final Path log;

	private RefusingTracer(long pid, Process tracer, Path log) {
		this.pid = pid;
		this.tracer = tracer;
		this.log = log;
	}

	/**
	 * Return why no system call can be refused here.
	 * @return the reason, or {@code null} if they can be
	 */
	static String unavailability() {
		try {
			Process process = new ProcessBuilder("strace", "-f", "-qq", "-b", "execve", "-o", "/dev/null", "-e",
					new Refusal(List.of("statx"), "EIO", true).injection(), "true")
				.redirectErrorStream(true)
				.start();
			String output = new String(process.getInputStream().readAllBytes());
			return (process.waitFor() == 0) ? null : "strace fails: " + output;
		}
		catch (IOException ex) {
			return "strace is missing";
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Refuse calls from now on. Returns when every thread of the process is traced, or
	 * the process has ended.
	 * @param refusal what to refuse
	 * @param pid the process
	 * @param log where to write which calls were made
	 * @return to be closed
	 */
	static RefusingTracer attach(Refusal refusal, long pid, Path log) {
		try {
			Process tracer = new ProcessBuilder("strace", "-f", "-qq", "-b", "execve", "-p", String.valueOf(pid), "-o",
					log.toString(), "-e", "signal=none", "-e", "trace=" + String.join(",", refusal.calls()), "-e",
					refusal.injection())
				.redirectErrorStream(true)
				.redirectOutput(Path.of(log + ".strace").toFile())
				.start();
			RefusingTracer refusing = new RefusingTracer(pid, tracer, log);
			Awaitility.await("strace")
				.atMost(TIME_TO_ATTACH)
				.pollInterval(Duration.ofMillis(20))
				.until(() -> refusing.isAttached() || !tracer.isAlive());
			if (!tracer.isAlive() && ProcessHandle.of(pid).isPresent()) {
				throw new IllegalStateException("strace has ended, see " + log + ".strace");
			}
			return refusing;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private boolean isAttached() {
		try (Stream<Path> threads = Files.list(Path.of("/proc", String.valueOf(this.pid), "task"))) {
			return threads.allMatch(RefusingTracer::isTraced);
		}
		catch (IOException ex) {
			return false;
		}
	}

	private static boolean isTraced(Path thread) {
		try {
			return Files.readAllLines(thread.resolve("status"))
				.stream()
				.noneMatch((line) -> line.startsWith("TracerPid:") && line.endsWith("\t0"));
		}
		catch (IOException ex) {
			// the thread has ended
			return true;
		}
	}

	/**
	 * Return how many calls have been refused so far.
	 * @return the number
	 */
	long refused() {
		try (Stream<String> lines = Files.lines(this.log)) {
			return lines.filter((line) -> line.endsWith("(INJECTED)")).count();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Refuse nothing any more.
	 */
	@Override
	public void close() {
		// detaches from all threads first, unlike KILL
		Signals.send("INT", this.tracer.pid());
		try {
			if (!this.tracer.waitFor(TIME_TO_ATTACH.toSeconds(), TimeUnit.SECONDS)) {
				this.tracer.destroyForcibly().waitFor();
			}
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
