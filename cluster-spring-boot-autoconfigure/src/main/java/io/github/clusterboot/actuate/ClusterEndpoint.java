package io.github.clusterboot.actuate;

import java.util.Optional;

import io.github.clusterboot.Cluster;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;

/**
 * {@link WebEndpoint @WebEndpoint} that shows the cluster and its workers. Any worker
 * answers; what it tells comes from the master. Where the master does not answer in time,
 * or the application runs without a cluster, the status is 503 and the body says why.
 */
@WebEndpoint(id = "cluster", defaultAccess = Access.READ_ONLY)
public class ClusterEndpoint {

	private static final String RESTART = "restart";

	private final Cluster cluster;

	private final ClusterQueries queries;

	private final ClusterCommands commands;

	/**
	 * Create an endpoint.
	 * @param cluster tells which worker answers
	 * @param queries asks the master
	 * @param commands asks the master for changes
	 */
	public ClusterEndpoint(Cluster cluster, ClusterQueries queries, ClusterCommands commands) {
		this.cluster = cluster;
		this.queries = queries;
		this.commands = commands;
	}

	/**
	 * Show the cluster.
	 * @return a {@link ClusterDescriptor}
	 */
	@ReadOperation
	public WebEndpointResponse<?> cluster() {
		try {
			return new WebEndpointResponse<>(descriptor());
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
			return response(find(id));
		}
		catch (ClusterUnavailableException ex) {
			return UnavailableDescriptor.response(ex);
		}
	}

	/**
	 * Change the cluster: exactly one of the parameters is given.
	 * @param action {@code restart} for a rolling restart
	 * @param workers the number of workers that there should be, at least 1
	 * @return a {@link ClusterDescriptor}, of the cluster as it is when the change has
	 * begun
	 * @throws InvalidEndpointRequestException if neither, both, or something else is
	 * given
	 */
	@WriteOperation
	public WebEndpointResponse<?> change(@Nullable String action, @Nullable Integer workers) {
		check((action == null) != (workers == null), "Either 'action' or 'workers' must be given");
		check(workers == null || (workers >= 1 && workers <= Cluster.MAX_WORKERS),
				"'workers' must be a number from 1 to " + Cluster.MAX_WORKERS);
		try {
			if (workers != null) {
				this.commands.resize(workers);
			}
			else {
				checkIsRestart(action);
				this.commands.restart();
			}
			return new WebEndpointResponse<>(descriptor());
		}
		catch (ClusterUnavailableException ex) {
			return UnavailableDescriptor.response(ex);
		}
	}

	/**
	 * Change one worker.
	 * @param id the worker's id
	 * @param action {@code restart} to replace it: the new one is ready before it drains
	 * @return a {@link WorkerDescriptor}, or status 404 if no live worker has the id
	 * @throws InvalidEndpointRequestException if the action is another
	 */
	@WriteOperation
	public WebEndpointResponse<?> changeWorker(@Selector int id, String action) {
		checkIsRestart(action);
		try {
			Optional<WorkerDescriptor> worker = find(id);
			if (worker.isPresent()) {
				this.commands.restart(id);
			}
			return response(worker);
		}
		catch (ClusterUnavailableException ex) {
			return UnavailableDescriptor.response(ex);
		}
	}

	private static void checkIsRestart(@Nullable String action) {
		check(RESTART.equals(action), "'action' must be '" + RESTART + "'");
	}

	private static void check(boolean valid, String rule) {
		if (!valid) {
			throw new InvalidEndpointRequestException(rule, rule);
		}
	}

	private ClusterDescriptor descriptor() throws ClusterUnavailableException {
		return ClusterDescriptor.of(this.queries.view(), this.cluster.getWorker());
	}

	private Optional<WorkerDescriptor> find(int id) throws ClusterUnavailableException {
		return this.queries.view()
			.workers()
			.stream()
			.filter((worker) -> worker.id() == id)
			.findFirst()
			.map(WorkerDescriptor::of);
	}

	private static WebEndpointResponse<?> response(Optional<WorkerDescriptor> worker) {
		return worker.<WebEndpointResponse<?>>map(WebEndpointResponse::new)
			.orElseGet(() -> new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND));
	}

}
