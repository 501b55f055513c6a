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
	 * Return how many workers count for the size of the cluster.
	 * @return the number
	 */
	int staying() {
		return (int) this.workers.stream().filter(WorkerHandle::isStaying).count();
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

	@Nullable WorkerHandle withPid(long pid) {
		return this.workers.stream()
			.filter((worker) -> worker.identity().pid() == pid && worker.state() != WorkerState.STOPPED)
			.findFirst()
			.orElse(null);
	}

}
