package io.github.clusterboot.autoconfigure;

import io.github.clusterboot.Cluster;
import io.github.clusterboot.ClusterRole;
import io.github.clusterboot.ClusterView;
import io.github.clusterboot.WorkerIdentity;
import org.jspecify.annotations.Nullable;

/**
 * The application as the only process, without a cluster.
 */
final class StandaloneCluster implements Cluster {

	@Override
	public ClusterRole getRole() {
		return ClusterRole.STANDALONE;
	}

	@Override
	public WorkerIdentity getWorker() {
		return new WorkerIdentity(0, 0, ProcessHandle.current().pid(), 0);
	}

	@Override
	public @Nullable ClusterView getView() {
		return null;
	}

}
