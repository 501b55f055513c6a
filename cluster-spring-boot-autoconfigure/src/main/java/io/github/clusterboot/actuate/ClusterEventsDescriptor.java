package io.github.clusterboot.actuate;

import java.util.List;

import io.github.clusterboot.ClusterEvent;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * What {@link ClusterEventsEndpoint} answers.
 *
 * @param events the events, oldest first
 */
public record ClusterEventsDescriptor(List<ClusterEvent> events) implements OperationResponseBody {

}
