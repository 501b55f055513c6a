package io.github.clusterboot.autoconfigure;

import java.util.List;

import io.github.clusterboot.ClusterEvent;
import io.github.clusterboot.ClusterEventType;
import io.github.clusterboot.ClusterView;
import io.github.clusterboot.actuate.ClusterQueries;
import io.github.clusterboot.actuate.ClusterUnavailableException;
import io.github.clusterboot.worker.MasterLink;
import io.github.clusterboot.worker.MasterUnavailableException;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;

/**
 * Asks the master over the worker's link, where there is one.
 */
final class MasterQueries implements ClusterQueries {

	private final ObjectProvider<MasterLink> link;

	MasterQueries(ObjectProvider<MasterLink> link) {
		this.link = link;
	}

	@Override
	public ClusterView view() throws ClusterUnavailableException {
		try {
			return link().queryView();
		}
		catch (MasterUnavailableException ex) {
			throw new ClusterUnavailableException(ex.getMessage());
		}
	}

	@Override
	public List<ClusterEvent> events(long after, @Nullable ClusterEventType type) throws ClusterUnavailableException {
		try {
			return link().queryEvents(after, type);
		}
		catch (MasterUnavailableException ex) {
			throw new ClusterUnavailableException(ex.getMessage());
		}
	}

	private MasterLink link() throws ClusterUnavailableException {
		MasterLink link = this.link.getIfAvailable();
		if (link == null) {
			throw new ClusterUnavailableException("The application runs without a cluster (role STANDALONE)");
		}
		return link;
	}

}
