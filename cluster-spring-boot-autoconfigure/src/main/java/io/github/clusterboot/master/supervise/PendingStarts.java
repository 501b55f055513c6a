package io.github.clusterboot.master.supervise;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import io.github.clusterboot.master.loop.Steps;
import io.github.clusterboot.master.process.WorkerStarter;
import org.jspecify.annotations.Nullable;

/**
 * The starts of workers that are under way. Used on the event loop only.
 * <p>
 * The starter's thread tells of their end, which takes memory that may be missing, so
 * they are looked at from time to time, too.
 */
final class PendingStarts {

	private final SupervisionContext context;

	private final Observer observer;

	private final Map<Integer, Start> starts = new LinkedHashMap<>();

	PendingStarts(SupervisionContext context, Observer observer) {
		this.context = context;
		this.observer = observer;
	}

	/**
	 * Have a worker started. Returns at once.
	 * @param index an index that no worker holds
	 * @param generation the worker's generation
	 * @param quiet whether what it prints is held back for the time being
	 */
	void begin(int index, int generation, boolean quiet) {
		Start start = new Start(index, generation);
		this.starts.put(index, start);
		this.context.workers().startBegins(index, this.context.loop().nanoTime());
		try {
			start.result = this.context.starter().start(index, generation, quiet);
		}
		catch (Throwable ex) {
			forget(start);
			throw ex;
		}
		start.result.whenComplete((started, failure) -> tell(start, started));
	}

	private void tell(Start start, WorkerStarter.@Nullable Started started) {
		try {
			this.context.loop().execute("note the end of a start", () -> end(start));
		}
		catch (Throwable ex) {
			// most likely the event loop has ended: the process has no other owner
			if (started != null) {
				started.process().kill();
			}
		}
	}

	/**
	 * Look whether starts have ended.
	 */
	void look() {
		for (Start start : List.copyOf(this.starts.values())) {
			if (start.isDone()) {
				Steps.take("note the end of a start", () -> end(start));
			}
		}
	}

	private void end(Start start) {
		if (!forget(start)) {
			// has been noted already
			return;
		}
		WorkerStarter.Started started;
		try {
			started = start.result.join();
		}
		catch (CompletionException ex) {
			this.observer.failed(start.index, start.generation, ex.getCause());
			return;
		}
		this.observer.started(started);
	}

	private boolean forget(Start start) {
		boolean pending = this.starts.remove(start.index, start);
		if (pending) {
			this.context.workers().startEnds(start.index);
		}
		return pending;
	}

	/**
	 * Is told when a start has ended.
	 */
	interface Observer {

		void started(WorkerStarter.Started started);

		void failed(int index, int generation, Throwable failure);

	}

	private static final class Start {

		private final int index;

		private final int generation;

		private CompletableFuture<WorkerStarter.Started> result = new CompletableFuture<>();

		private Start(int index, int generation) {
			this.index = index;
			this.generation = generation;
		}

		private boolean isDone() {
			return this.result.isDone();
		}

	}

}
