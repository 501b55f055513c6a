package io.github.clusterboot.master;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.clusterboot.WorkerState;
import org.jspecify.annotations.Nullable;

/**
 * The workers whose process lives, oldest first. Changed on the event loop only; may be
 * read by any thread.
 */
final class Workers {

	private final List<WorkerHandle> workers = new CopyOnWriteArrayList<>();

	void add(WorkerHandle worker) {
		this.workers.add(worker);
	}

	void remove(WorkerHandle worker) {
		this.workers.remove(worker);
	}

	List<WorkerHandle> all() {
		return List.copyOf(this.workers);
	}

	boolean isEmpty() {
		return this.workers.isEmpty();
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
	 * @return the workers that nobody has asked to end
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

	/**
	 * Return the control channels of those workers that have one.
	 * @return the channels
	 */
	List<ControlChannel> controls() {
		return this.workers.stream().map(WorkerHandle::control).filter(Objects::nonNull).toList();
	}

	boolean isIndexHeld(int index) {
		return this.workers.stream().anyMatch((worker) -> worker.identity().index() == index);
	}

	@Nullable WorkerHandle withId(int id) {
		return this.workers.stream().filter((worker) -> worker.identity().id() == id).findFirst().orElse(null);
	}

	@Nullable WorkerHandle withPid(long pid) {
		return this.workers.stream()
			.filter((worker) -> worker.identity().pid() == pid && worker.state() != WorkerState.STOPPED)
			.findFirst()
			.orElse(null);
	}

}
