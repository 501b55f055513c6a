package io.github.clusterboot.master.process;

import java.util.concurrent.CompletableFuture;

/**
 * A worker's process that this JVM has just started, and owns.
 */
final class ChildProcess implements WorkerProcess {

	private final Process process;

	private final WorkerOutput output;

	private final CompletableFuture<Integer> exit = new CompletableFuture<>();

	ChildProcess(Process process, WorkerOutput output) {
		this.process = process;
		this.output = output;
		process.onExit().thenRun(this::look);
	}

	@Override
	public boolean isAlive() {
		return this.process.isAlive();
	}

	@Override
	public CompletableFuture<Integer> exit() {
		return this.exit;
	}

	/**
	 * The JDK tells of the end on a thread which it makes then, on machines with few
	 * processors at least, see the default executor of {@link CompletableFuture}: there
	 * may be none to be had. To wait for the output may need a thread, too, so the next
	 * look tries again what has failed.
	 */
	@Override
	public void look() {
		if (!isAlive() && !this.exit.isDone()) {
			this.output.end().whenComplete((end, failure) -> this.exit.complete(this.process.exitValue()));
		}
	}

	@Override
	public String lastWords() {
		return this.output.lastWords();
	}

	@Override
	public void holdBackOutput() {
		this.output.holdBack();
	}

	@Override
	public void releaseOutput() {
		this.output.release();
	}

	@Override
	public void terminate() {
		// unlike Process, its handle leaves the output open
		this.process.toHandle().destroy();
	}

	@Override
	public void kill() {
		// as above
		this.process.toHandle().destroyForcibly();
	}

	@Override
	public String toString() {
		return "process " + this.process.pid();
	}

}
