package io.github.clusterboot.master.process;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import io.github.clusterboot.ExitReason;
import io.github.clusterboot.WorkerIdentity;
import io.github.clusterboot.ipc.Scoreboard;
import io.github.clusterboot.ipc.ScoreboardSlot;
import io.github.clusterboot.master.loop.MasterLog;
import io.github.clusterboot.master.loop.Steps;
import org.apache.commons.logging.Log;

/**
 * Starts the processes of workers, and tells {@linkplain WorkerObserver observers} what
 * becomes of them: on a thread of its own, since to look at files and to start a process
 * may take as long as a disk likes. May be used from any thread.
 */
public final class BackgroundStarter implements WorkerStarter, AutoCloseable {

	private static final Log logger = MasterLog.of(BackgroundStarter.class);

	private static final Duration TIME_TO_END = Duration.ofSeconds(2);

	private final ThreadPoolExecutor thread = new ThreadPoolExecutor(1, 1, 0, TimeUnit.NANOSECONDS,
			new LinkedBlockingQueue<>(), BackgroundStarter::newThread);

	private final WorkerCommand command;

	private final WorkerObservers observers;

	private final RunDirectorySource directory;

	private final Scoreboard scoreboard;

	private volatile boolean closed;

	private int lastId;

	/**
	 * Create a starter.
	 * @param command how workers are started
	 * @param observers are told what becomes of them
	 * @param directory where workers find their master
	 * @param scoreboard the workers' figures
	 */
	public BackgroundStarter(WorkerCommand command, List<WorkerObserver> observers, RunDirectorySource directory,
			Scoreboard scoreboard) {
		this.command = command;
		this.observers = new WorkerObservers(observers);
		this.directory = directory;
		this.scoreboard = scoreboard;
		// later there may be none to be had
		this.thread.prestartCoreThread();
	}

	private static Thread newThread(Runnable task) {
		Thread thread = new Thread(task, "cluster-starter");
		thread.setDaemon(true);
		return thread;
	}

	/**
	 * {@inheritDoc}
	 * <p>
	 * Completed on the starter's thread or, if that takes no more work, before this
	 * returns.
	 */
	@Override
	public CompletableFuture<Started> start(int index, int generation, boolean quiet) {
		CompletableFuture<Started> result = new CompletableFuture<>();
		try {
			this.thread.execute(() -> {
				try {
					Started started = startNow(index, generation, quiet);
					if (!result.complete(started)) {
						// it has been told that this is not done
						started.process().kill();
					}
				}
				catch (Throwable ex) {
					result.completeExceptionally(ex);
				}
			});
		}
		catch (RuntimeException | Error ex) {
			result.completeExceptionally(ex);
		}
		return result;
	}

	private Started startNow(int index, int generation, boolean quiet) throws IOException {
		if (this.closed) {
			throw new IOException("The cluster stops");
		}
		int id = ++this.lastId;
		if (id == ProcessLauncher.STARTS_BEFORE_COMPILATION) {
			Steps.take("keep the way in which processes are started changeable",
					() -> ProcessLauncher.stayChangeable(this.directory.current().path()));
		}
		try {
			return start(id, index, generation, quiet);
		}
		catch (Throwable ex) {
			this.observers.startFailed(id);
			throw ex;
		}
	}

	private Started start(int id, int index, int generation, boolean quiet) throws IOException {
		ScoreboardSlot slot = this.scoreboard.slot(index);
		slot.clear();
		WorkerLaunch launch = new WorkerLaunch(id, index, generation, this.directory.current().path());
		Process process = launch(this.command.build(launch), id);
		try {
			// a pipe without a writer needs no file, unlike /dev/null
			process.getOutputStream().close();
			WorkerOutput output = WorkerOutput.pump("cluster-worker-" + id, process, System.out, System.err, quiet);
			return new Started(new WorkerIdentity(id, index, process.pid(), generation),
					new ChildProcess(process, output), slot);
		}
		catch (Throwable ex) {
			// no thread can be made: the process would have no owner
			process.destroyForcibly();
			throw ex;
		}
	}

	/**
	 * The JDK makes the thread that waits for a process's end after the process, see
	 * {@code java.lang.ProcessImpl}: if no thread can be made, a process runs that the
	 * caller does not know of. After an {@link IOException} there is no process.
	 */
	private static Process launch(ProcessBuilder builder, int id) throws IOException {
		try {
			return ProcessLauncher
				.start(builder.redirectInput(Redirect.PIPE).redirectOutput(Redirect.PIPE).redirectError(Redirect.PIPE));
		}
		catch (RuntimeException | Error ex) {
			Steps.take("kill what has been started of worker " + id, () -> UntoldProcess.kill(id));
			throw ex;
		}
	}

	/**
	 * Return what tells the observers, on the starter's thread.
	 * @return their observer, which may be called by any thread and returns at once
	 */
	public WorkerObserver observer() {
		return new BackgroundObserver();
	}

	@Override
	public void askForThreadDump(WorkerIdentity worker, WorkerProcess process) {
		execute("ask " + worker + " for a thread dump", () -> ThreadDump.ask(worker, process));
	}

	@Override
	public void tellHints() {
		execute("say why no worker can be started", () -> this.command.hints().forEach(logger::error));
	}

	/**
	 * Do what may take long on the starter's thread, after what it has been given before.
	 * @param what the work as a verb and its object, for the log
	 * @param work the work
	 */
	public void execute(String what, Steps.Step work) {
		try {
			this.thread.execute(() -> Steps.take(what, work));
		}
		catch (RejectedExecutionException ex) {
			logger.debug("Too late to " + what, ex);
		}
	}

	@Override
	public void startNoMore() {
		this.closed = true;
	}

	/**
	 * Start nothing from now on. Waits for a start that is under way, but not for long.
	 * To be called while the run directory is there.
	 */
	@Override
	public void close() {
		this.closed = true;
		this.observers.clusterStopped();
		this.thread.shutdown();
		try {
			this.thread.awaitTermination(TIME_TO_END.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private final class BackgroundObserver implements WorkerObserver {

		@Override
		public void ready(WorkerIdentity worker) {
			execute("tell observers that " + worker + " is ready",
					() -> BackgroundStarter.this.observers.ready(worker));
		}

		@Override
		public void exited(WorkerIdentity worker, ExitReason reason, int exitCode) {
			execute("tell observers that " + worker + " has exited",
					() -> BackgroundStarter.this.observers.exited(worker, reason, exitCode));
		}

	}

}
