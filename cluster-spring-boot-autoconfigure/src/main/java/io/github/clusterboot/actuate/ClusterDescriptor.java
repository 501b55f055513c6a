package io.github.clusterboot.actuate;

import java.util.List;

import io.github.clusterboot.ClusterState;
import io.github.clusterboot.ClusterView;
import io.github.clusterboot.Scheduling;
import io.github.clusterboot.WorkerIdentity;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * The answer of {@link ClusterEndpoint}: the master's view, and the worker that answers.
 *
 * @param state what the cluster is doing
 * @param master the master's process
 * @param answeredBy the worker that answers
 * @param generation the generation that new workers belong to
 * @param scheduling how connections are distributed
 * @param size how many workers there should be and how many are ready
 * @param listeners the listening sockets that the master owns
 * @param workers the workers whose process lives, oldest first
 * @param restarts how often workers have been replaced
 * @param lastRestart the latest rolling restart, or {@code null} before the first
 * @param limited why the cluster has fewer workers than it would have, or {@code null} if
 * it does not
 * @since 0.1.0
 */
public record ClusterDescriptor(ClusterState state, ClusterView.Master master, AnsweredBy answeredBy, int generation,
		Scheduling scheduling, ClusterView.Size size, List<ClusterView.Listener> listeners,
		List<ClusterView.Worker> workers, ClusterView.Restarts restarts, ClusterView.@Nullable LastRestart lastRestart,
		ClusterView.@Nullable Limited limited) implements OperationResponseBody {

	static ClusterDescriptor of(ClusterView view, WorkerIdentity self) {
		return new ClusterDescriptor(view.state(), view.master(), new AnsweredBy(self.id(), self.index(), self.pid()),
				view.generation(), view.scheduling(), view.size(), view.listeners(), view.workers(), view.restarts(),
				view.lastRestart(), view.limited());
	}

	/**
	 * The worker that answers.
	 *
	 * @param id see {@link WorkerIdentity#id()}
	 * @param index see {@link WorkerIdentity#index()}
	 * @param pid see {@link WorkerIdentity#pid()}
	 */
	public record AnsweredBy(int id, int index, long pid) {

	}

}
