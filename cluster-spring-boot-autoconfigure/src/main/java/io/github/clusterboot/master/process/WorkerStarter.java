package io.github.clusterboot.master.process;

import java.util.concurrent.CompletableFuture;

import io.github.clusterboot.WorkerIdentity;
import io.github.clusterboot.ipc.ScoreboardSlot;

/**
 * Starts the processes of workers. No method waits for anything.
 */
public interface WorkerStarter {

	/**
	 * Start a worker.
	 * @param index the worker's index, which no live worker holds
	 * @param generation the worker's generation
	 * @param quiet whether what it prints is held back for the time being
	 * @return the worker's process, owned by the caller, or a failure that may be any
	 * {@link Throwable}; completed by any thread
	 */
	CompletableFuture<Started> start(int index, int generation, boolean quiet);

	/**
	 * Start nothing from now on, not even what has been asked for.
	 */
	void startNoMore();

	/**
	 * Have a worker print a thread dump.
	 * @param worker the worker
	 * @param process its process
	 */
	void askForThreadDump(WorkerIdentity worker, WorkerProcess process);

	/**
	 * Say what may be the reason if no worker can be started.
	 */
	void tellHints();

	/**
	 * A process that has just been started.
	 *
	 * @param identity which worker it is
	 * @param process the process
	 * @param slot the worker's figures
	 */
	record Started(WorkerIdentity identity, WorkerProcess process, ScoreboardSlot slot) {

	}

}
