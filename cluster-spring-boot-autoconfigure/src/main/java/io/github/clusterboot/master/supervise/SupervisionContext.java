package io.github.clusterboot.master.supervise;

import io.github.clusterboot.master.dispatch.Listeners;
import io.github.clusterboot.master.loop.MasterLoop;
import io.github.clusterboot.master.process.WorkerObserver;
import io.github.clusterboot.master.process.WorkerStarter;

/**
 * The objects that every part of the supervision works with.
 *
 * @param settings what the master works by
 * @param loop the event loop
 * @param starter starts the workers' processes
 * @param observer is told what becomes of workers
 * @param workers the workers
 * @param listeners what the master listens on
 * @param journal the cluster's events
 */
record SupervisionContext(MasterSettings settings, MasterLoop loop, WorkerStarter starter, WorkerObserver observer,
		Workers workers, Listeners listeners, EventJournal journal) {

}
