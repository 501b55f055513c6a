package io.github.clusterboot.actuate;

import java.util.List;

import io.github.clusterboot.ClusterEvent;
import io.github.clusterboot.ClusterEventType;
import io.github.clusterboot.ClusterView;
import org.jspecify.annotations.Nullable;

/**
 * Asks the master. The methods block for as long as the master may take to answer, and
 * may be called from any thread.
 */
public interface ClusterQueries {

	/**
	 * Ask for the state of the cluster.
	 * @return the state
	 * @throws ClusterUnavailableException if there is no answer
	 */
	ClusterView view() throws ClusterUnavailableException;

	/**
	 * Ask for the events that the journal holds.
	 * @param after only events with a higher sequence number
	 * @param type only events of this type, or {@code null} for all
	 * @return the events, oldest first
	 * @throws ClusterUnavailableException if there is no answer
	 */
	List<ClusterEvent> events(long after, @Nullable ClusterEventType type) throws ClusterUnavailableException;

}
