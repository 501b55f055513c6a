package io.github.clusterboot.actuate;

import io.github.clusterboot.Cluster;

import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;

/**
 * {@link WebEndpoint @WebEndpoint} that shows the cluster and its workers. Any worker
 * answers; what it tells comes from the master. Where the master does not answer in time,
 * or the application runs without a cluster, the status is 503 and the body says why.
 */
@WebEndpoint(id = "cluster", defaultAccess = Access.READ_ONLY)
public class ClusterEndpoint {

	private final Cluster cluster;

	private final ClusterQueries queries;

	/**
	 * Create an endpoint.
	 * @param cluster tells which worker answers
	 * @param queries asks the master
	 */
	public ClusterEndpoint(Cluster cluster, ClusterQueries queries) {
		this.cluster = cluster;
		this.queries = queries;
	}

	/**
	 * Show the cluster.
	 * @return a {@link ClusterDescriptor}
	 */
	@ReadOperation
	public WebEndpointResponse<?> cluster() {
		try {
			return new WebEndpointResponse<>(ClusterDescriptor.of(this.queries.view(), this.cluster.getWorker()));
		}
		catch (ClusterUnavailableException ex) {
			return UnavailableDescriptor.response(ex);
		}
	}

	/**
	 * Show one worker.
	 * @param id the worker's id
	 * @return a {@link WorkerDescriptor}, or status 404 if no live worker has the id
	 */
	@ReadOperation
	public WebEndpointResponse<?> worker(@Selector int id) {
		try {
			return this.queries.view()
				.workers()
				.stream()
				.filter((worker) -> worker.id() == id)
				.findFirst()
				.map(WorkerDescriptor::of)
				.<WebEndpointResponse<?>>map(WebEndpointResponse::new)
				.orElseGet(() -> new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND));
		}
		catch (ClusterUnavailableException ex) {
			return UnavailableDescriptor.response(ex);
		}
	}

}
