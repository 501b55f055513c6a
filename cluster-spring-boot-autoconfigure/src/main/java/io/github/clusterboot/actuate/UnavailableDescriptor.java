package io.github.clusterboot.actuate;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/**
 * What the endpoints answer, with status 503, where the cluster's state is not known.
 *
 * @param reason why
 */
public record UnavailableDescriptor(String reason) implements OperationResponseBody {

	static WebEndpointResponse<OperationResponseBody> response(ClusterUnavailableException ex) {
		return new WebEndpointResponse<>(new UnavailableDescriptor(String.valueOf(ex.getMessage())),
				WebEndpointResponse.STATUS_SERVICE_UNAVAILABLE);
	}

}
