package io.github.clusterboot;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A fact in the life of the cluster, as the master's journal holds it.
 * <p>
 * In every worker the events are published to the application's beans in the order of
 * their sequence, one at a time, on a thread of their own:
 *
 * <pre class="code">
 * &#64;EventListener
 * void onClusterEvent(ClusterEvent event) {
 *     ...
 * }
 * </pre>
 *
 * @param sequence 1, 2, 3 … without a gap, for as long as the master lives
 * @param timestamp when it happened, by the master's clock
 * @param type what happened
 * @param worker the worker that it happened to, or {@code null} where it concerns the
 * cluster
 * @param reason why the worker has ended, for {@link ClusterEventType#WORKER_EXITED} only
 * @param exitCode the exit code of the worker's process, 128 + the number of the signal
 * where one killed it, for {@link ClusterEventType#WORKER_EXITED} only
 * @param message the event as text
 * @since 0.1.0
 */
public record ClusterEvent(long sequence, Instant timestamp, ClusterEventType type, @Nullable WorkerIdentity worker,
		@Nullable ExitReason reason, @Nullable Integer exitCode, String message) {

}
