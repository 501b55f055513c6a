package io.github.clusterboot.master.supervise;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.clusterboot.WorkerState;
import io.github.clusterboot.master.process.WorkerProcess;
import org.jspecify.annotations.Nullable;

/**
 * The workers whose process lives, oldest first, and the indexes at which one is just
 * being started. Changed on the event loop only; {@link #processes()} may be called from
 * any thread.
 */
public final class Workers {

	private final List<WorkerHandle> workers = new CopyOnWriteArrayList<>();

	private final Map<Integer, Long> beingStarted = new LinkedHashMap<>();

	private final List<Runnable> whenStarted = new ArrayList<>();

	/**
	 * Note that a process is being started.
	 * @param index the worker's index
	 * @param now the time by {@code TimeSource#nanoTime()}
	 */
	void startBegins(int index, long now) {
		this.beingStarted.put(index, now);
	}

	/**
	 * Note that a process has been started, or could not be.
	 * @param index the worker's index
	 */
	void startEnds(int index) {
		this.beingStarted.remove(index);
	}

	/**
	 * Do something as soon as the next of the processes that are being started is known.
	 * @param action what to do; may ask for the same again
	 */
	public void whenStarted(Runnable action) {
		this.whenStarted.add(action);
	}

	/**
	 * Do what has waited for a process to be known. Called when it is known which process
	 * has been started, or that none could be.
	 */
	void started() {
		List<Runnable> waiting = List.copyOf(this.whenStarted);
		this.whenStarted.clear();
		waiting.forEach(Runnable::run);
	}

	/**
	 * Return how many processes are just being started.
	 * @return the number
	 */
	public int beingStarted() {
		return this.beingStarted.size();
	}

	/**
	 * Return whether a process has been asked for some time ago and has still not been
	 * started.
	 * @param time the time
	 * @param now the time by {@code TimeSource#nanoTime()}
	 * @return whether something holds up the start
	 */
	boolean isStartHeldUp(Duration time, long now) {
		return this.beingStarted.values().stream().anyMatch((begun) -> now - begun >= time.toNanos());
	}

	public void add(WorkerHandle worker) {
		this.workers.add(worker);
	}

	void remove(WorkerHandle worker) {
		this.workers.remove(worker);
	}

	/**
	 * Return the processes of the workers. May be called from any thread.
	 * @return the processes that live
	 */
	public List<WorkerProcess> processes() {
		return this.workers.stream().map(WorkerHandle::process).toList();
	}

	List<WorkerHandle> all() {
		return List.copyOf(this.workers);
	}

	/**
	 * Return whether no process lives and none is being started.
	 * @return whether there is nothing to be ended
	 */
	boolean isEmpty() {
		return this.workers.isEmpty() && this.beingStarted.isEmpty();
	}

	int ready() {
		return (int) this.workers.stream().filter(WorkerHandle::isReady).count();
	}

	/**
	 * Return how many workers are ready and have been so for a while.
	 * @return the number
	 */
	int reliable() {
		return (int) this.workers.stream().filter(WorkerHandle::isReliable).count();
	}

	/**
	 * Return the workers that count for the size of the cluster, oldest first.
	 * @return the workers that have not been asked to end
	 */
	List<WorkerHandle> staying() {
		return this.workers.stream().filter(WorkerHandle::isStaying).toList();
	}

	/**
	 * Return how many workers have been asked to end before they were ready.
	 * @return the number
	 */
	int endingUnready() {
		return (int) this.workers.stream().filter((worker) -> !worker.isStaying() && !worker.hasBeenReady()).count();
	}

	boolean isIndexHeld(int index) {
		return this.beingStarted.containsKey(index)
				|| this.workers.stream().anyMatch((worker) -> worker.identity().index() == index);
	}

	public @Nullable WorkerHandle withId(int id) {
		return this.workers.stream().filter((worker) -> worker.identity().id() == id).findFirst().orElse(null);
	}

	public @Nullable WorkerHandle withPid(long pid) {
		return this.workers.stream()
			.filter((worker) -> worker.identity().pid() == pid && worker.state() != WorkerState.STOPPED)
			.findFirst()
			.orElse(null);
	}

}
