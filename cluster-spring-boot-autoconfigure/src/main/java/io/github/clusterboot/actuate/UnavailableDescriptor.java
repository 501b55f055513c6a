package io.github.clusterboot.actuate;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/**
 * The answer of the endpoints, with status 503, if the master does not answer, or refuses
 * what it is asked for.
 *
 * @param reason the reason, as text for an operator
 * @since 0.1.0
 */
public record UnavailableDescriptor(String reason) implements OperationResponseBody {

	static WebEndpointResponse<OperationResponseBody> response(String reason) {
		return new WebEndpointResponse<>(new UnavailableDescriptor(reason),
				WebEndpointResponse.STATUS_SERVICE_UNAVAILABLE);
	}

}
