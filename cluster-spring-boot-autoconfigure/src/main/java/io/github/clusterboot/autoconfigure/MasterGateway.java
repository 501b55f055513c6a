package io.github.clusterboot.autoconfigure;

import java.util.List;

import io.github.clusterboot.ClusterEvent;
import io.github.clusterboot.ClusterEventType;
import io.github.clusterboot.ClusterView;
import io.github.clusterboot.actuate.ClusterCommands;
import io.github.clusterboot.actuate.ClusterQueries;
import io.github.clusterboot.actuate.ClusterUnavailableException;
import io.github.clusterboot.worker.MasterLink;
import io.github.clusterboot.worker.MasterQueries;
import io.github.clusterboot.worker.MasterUnavailableException;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;

/**
 * Asks the master over the worker's link, where there is one.
 */
final class MasterGateway implements ClusterQueries, ClusterCommands {

	private final ObjectProvider<MasterLink> link;

	MasterGateway(ObjectProvider<MasterLink> link) {
		this.link = link;
	}

	@Override
	public ClusterView view() throws ClusterUnavailableException {
		return ask(MasterQueries::view);
	}

	@Override
	public List<ClusterEvent> events(long after, @Nullable ClusterEventType type) throws ClusterUnavailableException {
		return ask((master) -> master.events(after, type));
	}

	@Override
	public void restart() throws ClusterUnavailableException {
		tell(MasterQueries::restartCluster);
	}

	@Override
	public void restart(int id) throws ClusterUnavailableException {
		tell((master) -> master.restartWorker(id));
	}

	@Override
	public void resize(int workers) throws ClusterUnavailableException {
		tell((master) -> master.resize(workers));
	}

	private void tell(Command command) throws ClusterUnavailableException {
		ask((master) -> {
			command.send(master);
			return command;
		});
	}

	private <T> T ask(Query<T> query) throws ClusterUnavailableException {
		MasterLink link = this.link.getIfAvailable();
		if (link == null) {
			throw new ClusterUnavailableException("The application runs without a cluster (role STANDALONE)");
		}
		try {
			return query.send(link.queries());
		}
		catch (MasterUnavailableException ex) {
			throw new ClusterUnavailableException(ex.getMessage());
		}
	}

	@FunctionalInterface
	private interface Query<T> {

		T send(MasterQueries master) throws MasterUnavailableException;

	}

	@FunctionalInterface
	private interface Command {

		void send(MasterQueries master) throws MasterUnavailableException;

	}

}
