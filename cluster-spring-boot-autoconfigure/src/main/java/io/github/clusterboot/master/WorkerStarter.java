package io.github.clusterboot.master;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;

import io.github.clusterboot.WorkerIdentity;
import io.github.clusterboot.ipc.RunDirectory;
import io.github.clusterboot.ipc.Scoreboard;
import io.github.clusterboot.ipc.ScoreboardSlot;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Starts the processes of workers. Used on the event loop only.
 */
final class WorkerStarter {

	private static final Log logger = LogFactory.getLog(WorkerStarter.class);

	private static final File NO_INPUT = new File("/dev/null");

	private final WorkerCommand command;

	private final RunDirectory directory;

	private final Scoreboard scoreboard;

	private int lastId;

	WorkerStarter(WorkerCommand command, RunDirectory directory, Scoreboard scoreboard) {
		this.command = command;
		this.directory = directory;
		this.scoreboard = scoreboard;
	}

	/**
	 * Start a worker.
	 * @param index the worker's index, which no live worker holds
	 * @param generation the worker's generation
	 * @param lastEvent the sequence number of the newest event
	 * @return the worker, whose process is owned by the caller
	 * @throws IOException if the process cannot be started
	 */
	WorkerHandle start(int index, int generation, long lastEvent) throws IOException {
		int id = ++this.lastId;
		try {
			return start(id, index, generation, lastEvent);
		}
		catch (IOException | RuntimeException | Error ex) {
			tell(() -> this.command.notStarted(id));
			throw ex;
		}
	}

	private WorkerHandle start(int id, int index, int generation, long lastEvent) throws IOException {
		ScoreboardSlot slot = this.scoreboard.slot(index);
		slot.clear();
		Process process = this.command.build(new WorkerLaunch(id, index, generation, this.directory.path()))
			.redirectInput(Redirect.from(NO_INPUT))
			.redirectOutput(Redirect.PIPE)
			.redirectError(Redirect.PIPE)
			.start();
		try {
			WorkerOutput output = WorkerOutput.pump("cluster-worker-" + id, process, System.out, System.err);
			return new WorkerHandle(new WorkerIdentity(id, index, process.pid(), generation),
					new WorkerProcess(process, output), slot, lastEvent);
		}
		catch (RuntimeException | Error ex) {
			// no thread can be made: nobody would own the process
			process.destroyForcibly();
			throw ex;
		}
	}

	/**
	 * A worker is ready for the first time.
	 * @param worker the worker
	 */
	void ready(WorkerHandle worker) {
		tell(() -> this.command.ready(worker.identity().id()));
	}

	/**
	 * A worker's process has ended.
	 * @param worker the worker
	 * @param exitCode the process's exit code
	 */
	void ended(WorkerHandle worker, int exitCode) {
		tell(() -> this.command.ended(worker.identity().id(), worker.exitReason(exitCode), exitCode));
	}

	/**
	 * What the command makes of it is of no use to a cluster that has lost count of its
	 * workers.
	 */
	private static void tell(Runnable news) {
		try {
			news.run();
		}
		catch (RuntimeException | OutOfMemoryError ex) {
			// an OutOfMemoryError also says that no thread can be made
			logger.warn("The command of the workers has failed", ex);
		}
	}

}
