package io.github.clusterboot.worker;

import io.github.clusterboot.Cluster;
import io.github.clusterboot.ClusterRole;
import io.github.clusterboot.ClusterView;
import io.github.clusterboot.WorkerIdentity;
import org.jspecify.annotations.Nullable;

/**
 * The cluster, seen from a worker.
 */
public final class WorkerCluster implements Cluster {

	private final MasterLink link;

	/**
	 * Create a cluster.
	 * @param link the link to the master
	 */
	public WorkerCluster(MasterLink link) {
		this.link = link;
	}

	@Override
	public ClusterRole getRole() {
		return ClusterRole.WORKER;
	}

	@Override
	public WorkerIdentity getWorker() {
		return this.link.identity();
	}

	@Override
	public @Nullable ClusterView getView() {
		return this.link.client().lastView();
	}

}
