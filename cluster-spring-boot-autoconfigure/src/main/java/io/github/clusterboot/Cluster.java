package io.github.clusterboot;

import org.jspecify.annotations.Nullable;

/**
 * The cluster as the application in this process knows it. Can be injected in every role.
 * <p>
 * All methods return at once and may be called from any thread.
 *
 * @since 0.1.0
 */
public interface Cluster {

	/**
	 * How many workers a cluster can have.
	 */
	int MAX_WORKERS = 512;

	/**
	 * Return the role of this JVM.
	 * @return {@link ClusterRole#WORKER}, or {@link ClusterRole#STANDALONE} where the
	 * application runs without a cluster
	 */
	ClusterRole getRole();

	/**
	 * Return which worker this process is.
	 * @return this process's identity, with id 0 in role {@link ClusterRole#STANDALONE}
	 */
	WorkerIdentity getWorker();

	/**
	 * Return the last view of the cluster that the master has sent. The master sends one
	 * with each event, so the figures in it may be older than its states.
	 * @return the last known view, or {@code null} in role {@link ClusterRole#STANDALONE}
	 * and before the first one has arrived
	 */
	@Nullable ClusterView getView();

}
