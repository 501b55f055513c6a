package io.github.clusterboot.master.process;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.github.clusterboot.master.loop.LogQueue;
import io.github.clusterboot.master.loop.MasterLog;
import org.apache.commons.logging.Log;

/**
 * Passes what a worker prints on to the master's own output, byte for byte but only whole
 * lines, so that the workers' lines do not mix, and keeps the end of it.
 * <p>
 * The output of a worker whose failure is known already can be held back: then only the
 * end is kept, which is passed on if it is {@linkplain #release() released}.
 * <p>
 * Each of the two streams is read by a thread of its own, which ends with the stream.
 */
final class WorkerOutput {

	private static final Log logger = MasterLog.of(WorkerOutput.class);

	private static final int LINES_KEPT = 60;

	private static final int LONGEST_LINE = 64 * 1024;

	private static final int LONGEST_LAST_WORDS = 3000;

	/**
	 * A child of the worker may hold the stream open after the worker's end.
	 */
	private static final long MILLIS_TO_END = 500;

	private static final Duration TIME_BETWEEN_FAILED_READS = Duration.ofMillis(100);

	private final Deque<String> tail = new ArrayDeque<>(LINES_KEPT);

	private final CompletableFuture<Void> ended;

	private final PrintStream out;

	private boolean quiet;

	private WorkerOutput(String name, Process process, PrintStream out, PrintStream err, boolean quiet) {
		this.out = out;
		this.quiet = quiet;
		this.ended = CompletableFuture.allOf(pump(name + "-out", process, process.getInputStream(), out),
				pump(name + "-err", process, process.getErrorStream(), err));
	}

	/**
	 * Begin to pass on what a process prints.
	 * @param name the name of the process, for its threads
	 * @param process the process
	 * @param out where its standard output goes
	 * @param err where its standard error goes
	 * @param quiet whether it is held back for the time being
	 * @return the output
	 */
	static WorkerOutput pump(String name, Process process, PrintStream out, PrintStream err, boolean quiet) {
		return new WorkerOutput(name, process, out, err, quiet);
	}

	private CompletableFuture<Void> pump(String name, Process process, InputStream from, PrintStream to) {
		CompletableFuture<Void> end = new CompletableFuture<>();
		Thread thread = new Thread(() -> {
			copy(process, from, to);
			end.complete(null);
		}, name);
		thread.setDaemon(true);
		thread.start();
		return end;
	}

	private void copy(Process process, InputStream from, PrintStream to) {
		byte[] chunk = new byte[8192];
		ByteArrayOutputStream lines = new ByteArrayOutputStream();
		try (from) {
			for (int length = read(process, from, chunk); length >= 0; length = read(process, from, chunk)) {
				int complete = endOfLastLine(chunk, length);
				if (complete > 0) {
					lines.write(chunk, 0, complete);
					passOn(lines, to);
				}
				lines.write(chunk, complete, length - complete);
				if (lines.size() > LONGEST_LINE) {
					passOn(lines, to);
				}
			}
		}
		catch (IOException ex) {
			logger.debug("Cannot read a worker's output", ex);
		}
		passOn(lines, to);
	}

	/**
	 * A read that fails is not the end. If reading stopped, the worker would block as
	 * soon as the pipe is full.
	 */
	private static int read(Process process, InputStream from, byte[] chunk) throws IOException {
		while (true) {
			try {
				return from.read(chunk);
			}
			catch (IOException ex) {
				if (!process.isAlive()) {
					throw ex;
				}
				logger.debug("Cannot read a worker's output just now", ex);
				LockSupport.parkNanos(TIME_BETWEEN_FAILED_READS.toNanos());
			}
		}
	}

	private static int endOfLastLine(byte[] chunk, int length) {
		int end = length;
		while (end > 0 && chunk[end - 1] != '\n') {
			end--;
		}
		return end;
	}

	private void passOn(ByteArrayOutputStream lines, PrintStream to) {
		if (lines.size() > 0) {
			byte[] bytes = lines.toByteArray();
			// first, since to write may block for ever
			boolean write = keep(lines.toString(Charset.defaultCharset()));
			lines.reset();
			if (write) {
				to.write(bytes, 0, bytes.length);
				to.flush();
			}
		}
	}

	private boolean keep(String lines) {
		synchronized (this.tail) {
			lines.lines().forEach(this.tail::addLast);
			while (this.tail.size() > LINES_KEPT) {
				this.tail.removeFirst();
			}
			return !this.quiet;
		}
	}

	/**
	 * Hold back what is printed from now on.
	 */
	void holdBack() {
		synchronized (this.tail) {
			this.quiet = true;
		}
	}

	/**
	 * Hold nothing back from now on, and pass on what was kept. Returns at once: the
	 * lines go the way of the master's own.
	 */
	void release() {
		String kept;
		synchronized (this.tail) {
			if (!this.quiet) {
				return;
			}
			this.quiet = false;
			kept = String.join("\n", this.tail);
		}
		LogQueue.shared().add(() -> {
			this.out.println(kept);
			this.out.flush();
		});
	}

	/**
	 * Return the end of what the worker has printed.
	 * @return the last lines, as many as fit into an event
	 */
	String lastWords() {
		String words;
		synchronized (this.tail) {
			words = String.join("\n", this.tail);
		}
		return words.substring(Math.max(0, words.length() - LONGEST_LAST_WORDS));
	}

	/**
	 * Return a future that completes when everything has been passed on, or shortly after
	 * the call if something else holds the streams open.
	 * @return the future
	 */
	CompletableFuture<Void> end() {
		return this.ended.copy().completeOnTimeout(null, MILLIS_TO_END, TimeUnit.MILLISECONDS);
	}

}
