package io.github.clusterboot.actuate;

import io.github.clusterboot.ClusterEventType;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;

/**
 * {@link WebEndpoint @WebEndpoint} that shows the last events of the cluster, oldest
 * first. Where the master does not answer in time, or the application runs without a
 * cluster, the status is 503 and the body says why.
 */
@WebEndpoint(id = "clusterevents", defaultAccess = Access.READ_ONLY)
public class ClusterEventsEndpoint {

	private final ClusterQueries queries;

	/**
	 * Create an endpoint.
	 * @param queries asks the master
	 */
	public ClusterEventsEndpoint(ClusterQueries queries) {
		this.queries = queries;
	}

	/**
	 * Show events.
	 * @param after only events with a higher sequence number, or {@code null} for all
	 * @param type only events of this type, or {@code null} for all
	 * @return a {@link ClusterEventsDescriptor}
	 */
	@ReadOperation
	public WebEndpointResponse<?> events(@Nullable Long after, @Nullable ClusterEventType type) {
		try {
			return new WebEndpointResponse<>(
					new ClusterEventsDescriptor(this.queries.events((after != null) ? after : 0, type)));
		}
		catch (ClusterUnavailableException ex) {
			return UnavailableDescriptor.response(ex);
		}
	}

}
