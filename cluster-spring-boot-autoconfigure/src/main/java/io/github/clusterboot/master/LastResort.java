package io.github.clusterboot.master;

/**
 * Kills the workers and deletes the run directory if the master's JVM ends in another way
 * than by {@link ClusterMaster#run()}: something has called {@link System#exit(int)}, or
 * a signal that the master does not handle has come.
 */
final class LastResort implements AutoCloseable {

	private final Thread hook;

	private LastResort(Thread hook) {
		this.hook = hook;
	}

	static LastResort install(ShutdownWatch watch, OwnedRunDirectory directory, ListenObserver observer) {
		Runnable cleanUp = () -> {
			Steps.take("delete the run directory", directory::close);
			Steps.take("delete the files that tell the ports", observer::close);
		};
		watch.cleanUpBy(cleanUp);
		Thread hook = new Thread(() -> {
			watch.killWorkers();
			cleanUp.run();
		}, "cluster-last-resort");
		Runtime.getRuntime().addShutdownHook(hook);
		return new LastResort(hook);
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
