package io.github.clusterboot.master.process;

import java.util.List;
import java.util.function.Consumer;

import io.github.clusterboot.ExitReason;
import io.github.clusterboot.WorkerIdentity;
import io.github.clusterboot.master.loop.Steps;

/**
 * Tells several observers, one after the other. One that fails does not keep the others
 * from being told.
 */
final class WorkerObservers implements WorkerObserver {

	private final List<WorkerObserver> observers;

	WorkerObservers(List<WorkerObserver> observers) {
		this.observers = List.copyOf(observers);
	}

	@Override
	public void ready(WorkerIdentity worker) {
		tell("that " + worker + " is ready", (observer) -> observer.ready(worker));
	}

	@Override
	public void exited(WorkerIdentity worker, ExitReason reason, int exitCode) {
		tell("that " + worker + " has exited", (observer) -> observer.exited(worker, reason, exitCode));
	}

	@Override
	public void startFailed(int id) {
		tell("of a start that has failed", (observer) -> observer.startFailed(id));
	}

	@Override
	public void clusterStopped() {
		tell("that the cluster has stopped", WorkerObserver::clusterStopped);
	}

	private void tell(String what, Consumer<WorkerObserver> event) {
		for (WorkerObserver observer : this.observers) {
			Steps.take("tell an observer " + what, () -> event.accept(observer));
		}
	}

}
