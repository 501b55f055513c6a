package io.github.clusterboot.actuate;

import java.util.List;

import io.github.clusterboot.ClusterEvent;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * The answer of {@link ClusterEventsEndpoint}.
 *
 * @param events the events, oldest first
 */
public record ClusterEventsDescriptor(List<ClusterEvent> events) implements OperationResponseBody {

}
