package io.github.clusterboot.actuate;

import java.util.List;

import io.github.clusterboot.ClusterEvent;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * The answer of {@link ClusterEventsEndpoint}.
 *
 * @param events the events, oldest first
 * @since 0.1.0
 */
public record ClusterEventsDescriptor(List<ClusterEvent> events) implements OperationResponseBody {

}
