package io.github.clusterboot.actuate;

import io.github.clusterboot.ClusterEventType;
import io.github.clusterboot.worker.MasterClient;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;

/**
 * {@link WebEndpoint @WebEndpoint} that shows the last events of the cluster, oldest
 * first. If the master does not answer in time, or the application runs without a
 * cluster, the status is 503 and the body says why.
 *
 * @since 0.1.0
 */
@WebEndpoint(id = "clusterevents", defaultAccess = Access.READ_ONLY)
public class ClusterEventsEndpoint {

	private final @Nullable MasterClient master;

	/**
	 * Create an endpoint.
	 * @param master asks the master, or {@code null} if there is none
	 */
	public ClusterEventsEndpoint(@Nullable MasterClient master) {
		this.master = master;
	}

	/**
	 * Show events.
	 * @param after only events with a higher sequence number, or {@code null} for all
	 * @param type only events of this type, or {@code null} for all
	 * @return a {@link ClusterEventsDescriptor}
	 */
	@ReadOperation
	public WebEndpointResponse<?> events(@Nullable Long after, @Nullable ClusterEventType type) {
		return MasterAnswer.to(this.master, (master) -> new WebEndpointResponse<>(
				new ClusterEventsDescriptor(master.events((after != null) ? after : 0, type))));
	}

}
