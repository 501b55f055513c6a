package io.github.clusterboot.master.supervise;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

import io.github.clusterboot.ExitReason;
import io.github.clusterboot.WorkerIdentity;
import io.github.clusterboot.master.process.WorkerObserver;
import io.github.clusterboot.master.process.WorkerProcess;
import io.github.clusterboot.master.process.WorkerStarter;
import org.jspecify.annotations.Nullable;

/**
 * Starts {@linkplain VirtualWorker virtual workers}, at once unless a test holds it up,
 * and notes what an observer is told of them.
 */
final class VirtualStarter implements WorkerStarter, WorkerObserver {

	private static final int FIRST_PID = 1000;

	private final List<VirtualWorker> started = new ArrayList<>();

	private final Deque<Runnable> held = new ArrayDeque<>();

	private final List<String> told = new ArrayList<>();

	private Consumer<VirtualWorker> onStart = (worker) -> {
	};

	private @Nullable Throwable failure;

	private @Nullable Error refusal;

	private boolean holding;

	private boolean stopped;

	private int lastId;

	private int requests;

	/**
	 * Set what becomes of workers from now on.
	 * @param onStart called with each that is started
	 */
	void onStart(Consumer<VirtualWorker> onStart) {
		this.onStart = onStart;
	}

	/**
	 * Have starts fail from now on.
	 * @param failure why, or {@code null} if they are to succeed
	 */
	void failWith(@Nullable Throwable failure) {
		this.failure = failure;
	}

	/**
	 * Take no request to start from now on.
	 * @param refusal what is thrown instead, or {@code null} to take them again
	 */
	void refuse(@Nullable Error refusal) {
		this.refusal = refusal;
	}

	/**
	 * Hold up starts from now on.
	 */
	void hold() {
		this.holding = true;
	}

	/**
	 * Go on with what was held up.
	 */
	void release() {
		this.holding = false;
		for (Runnable start = this.held.poll(); start != null; start = this.held.poll()) {
			start.run();
		}
	}

	/**
	 * Return all workers that were ever started.
	 * @return the workers by their ids
	 */
	List<VirtualWorker> started() {
		return this.started;
	}

	/**
	 * Return how often a start has been asked for.
	 * @return the number
	 */
	int requests() {
		return this.requests;
	}

	/**
	 * Return what this has been told or asked beside starts.
	 * @return a text for each
	 */
	List<String> told() {
		return this.told;
	}

	@Override
	public CompletableFuture<Started> start(int index, int generation, boolean quiet) {
		if (this.refusal != null) {
			throw this.refusal;
		}
		this.requests++;
		CompletableFuture<Started> result = new CompletableFuture<>();
		Runnable start = () -> start(index, generation, quiet, result);
		if (this.holding) {
			this.held.add(start);
		}
		else {
			start.run();
		}
		return result;
	}

	private void start(int index, int generation, boolean quiet, CompletableFuture<Started> result) {
		if (this.stopped) {
			result.completeExceptionally(new IOException("The cluster stops"));
		}
		else if (this.failure != null) {
			result.completeExceptionally(this.failure);
		}
		else {
			int id = ++this.lastId;
			VirtualWorker worker = new VirtualWorker(new WorkerIdentity(id, index, FIRST_PID + id, generation), quiet);
			this.started.add(worker);
			result.complete(new Started(worker.identity(), worker, worker.slot()));
			this.onStart.accept(worker);
		}
	}

	@Override
	public void startNoMore() {
		this.stopped = true;
	}

	@Override
	public void askForThreadDump(WorkerIdentity worker, WorkerProcess process) {
		this.told.add("dump " + worker.id());
	}

	@Override
	public void ready(WorkerIdentity worker) {
		this.told.add("ready " + worker.id());
	}

	@Override
	public void exited(WorkerIdentity worker, ExitReason reason, int exitCode) {
		this.told.add("exited " + worker.id() + " " + reason + " " + exitCode);
	}

	@Override
	public void tellHints() {
		this.told.add("hints");
	}

}
