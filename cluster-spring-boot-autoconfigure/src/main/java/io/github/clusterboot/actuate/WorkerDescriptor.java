package io.github.clusterboot.actuate;

import java.time.Instant;

import io.github.clusterboot.ClusterView;
import io.github.clusterboot.WorkerState;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * The answer of {@link ClusterEndpoint} for one worker: a {@link ClusterView.Worker} that
 * is written by the actuator's own mapper, independently of the application's.
 *
 * @param id see {@link ClusterView.Worker#id()}
 * @param index see {@link ClusterView.Worker#index()}
 * @param pid see {@link ClusterView.Worker#pid()}
 * @param generation see {@link ClusterView.Worker#generation()}
 * @param state see {@link ClusterView.Worker#state()}
 * @param startTime see {@link ClusterView.Worker#startTime()}
 * @param readyTime see {@link ClusterView.Worker#readyTime()}
 * @param connections see {@link ClusterView.Worker#connections()}
 * @param requests see {@link ClusterView.Worker#requests()}
 * @param memory see {@link ClusterView.Worker#memory()}
 * @param lastHeartbeat see {@link ClusterView.Worker#lastHeartbeat()}
 * @since 0.1.0
 */
public record WorkerDescriptor(int id, int index, long pid, int generation, WorkerState state, Instant startTime,
		@Nullable Instant readyTime, ClusterView.Counts connections, ClusterView.Counts requests,
		ClusterView.Memory memory, @Nullable Instant lastHeartbeat) implements OperationResponseBody {

	static WorkerDescriptor of(ClusterView.Worker worker) {
		return new WorkerDescriptor(worker.id(), worker.index(), worker.pid(), worker.generation(), worker.state(),
				worker.startTime(), worker.readyTime(), worker.connections(), worker.requests(), worker.memory(),
				worker.lastHeartbeat());
	}

}
