package io.github.clusterboot.actuate;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/**
 * What the endpoints answer, with status 503, if the master does not answer, or does not
 * do what it is asked for.
 *
 * @param reason why
 */
public record UnavailableDescriptor(String reason) implements OperationResponseBody {

	static WebEndpointResponse<OperationResponseBody> response(String reason) {
		return new WebEndpointResponse<>(new UnavailableDescriptor(reason),
				WebEndpointResponse.STATUS_SERVICE_UNAVAILABLE);
	}

}
