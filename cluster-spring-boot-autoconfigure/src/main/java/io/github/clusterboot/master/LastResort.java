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
		Thread hook = new Thread(() -> run(watch, cleanUp), "cluster-last-resort");
		Runtime.getRuntime().addShutdownHook(hook);
		return new LastResort(hook);
	}

	/**
	 * A file system that does not answer must not hold up the end. What takes a time-out
	 * takes a thread, which may not be there.
	 */
	static void run(ShutdownWatch watch, Runnable cleanUp) {
		watch.killWorkers();
		if (!Steps.take("delete the files in time", watch::cleanUp)) {
			cleanUp.run();
		}
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
