package io.github.clusterboot.master;

import io.github.clusterboot.master.dispatch.ListenObserver;
import io.github.clusterboot.master.loop.Steps;

/**
 * Kills the workers and deletes the run directory if the master's JVM ends in another way
 * than by {@link ClusterMaster#run()}: something has called {@link System#exit(int)}, or
 * a signal that the master does not handle has come.
 */
final class KillWorkersHook implements AutoCloseable {

	private final Thread hook;

	private KillWorkersHook(Thread hook) {
		this.hook = hook;
	}

	static KillWorkersHook install(ShutdownWatch watch, OwnedRunDirectory directory, ListenObserver observer) {
		Runnable cleanUp = () -> {
			Steps.take("delete the run directory", directory::close);
			Steps.take("delete the files that tell the ports", observer::close);
		};
		watch.cleanUpBy(cleanUp);
		Thread hook = new Thread(() -> run(watch), "cluster-kill-workers");
		Runtime.getRuntime().addShutdownHook(hook);
		return new KillWorkersHook(hook);
	}

	static void run(ShutdownWatch watch) {
		watch.killWorkers();
		Steps.take("delete the files", watch::cleanUp);
	}

	@Override
	public void close() {
		try {
			Runtime.getRuntime().removeShutdownHook(this.hook);
		}
		catch (IllegalStateException ex) {
			// the JVM is ending: the hook runs already
		}
	}

}
