package io.github.clusterboot.actuate;

import java.util.Optional;

import io.github.clusterboot.Cluster;
import io.github.clusterboot.worker.CommandRefusedException;
import io.github.clusterboot.worker.MasterClient;
import io.github.clusterboot.worker.MasterUnavailableException;
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
 * answers; the content comes from the master. If the master does not answer in time, or
 * the application runs without a cluster, the status is 503 and the body says why.
 *
 * @since 0.1.0
 */
@WebEndpoint(id = "cluster", defaultAccess = Access.READ_ONLY)
public class ClusterEndpoint {

	private static final String RESTART = "restart";

	private final Cluster cluster;

	private final @Nullable MasterClient master;

	/**
	 * Create an endpoint.
	 * @param cluster tells which worker answers
	 * @param master asks the master, or {@code null} if there is none
	 */
	public ClusterEndpoint(Cluster cluster, @Nullable MasterClient master) {
		this.cluster = cluster;
		this.master = master;
	}

	/**
	 * Show the cluster.
	 * @return a {@link ClusterDescriptor}
	 */
	@ReadOperation
	public WebEndpointResponse<?> cluster() {
		return MasterAnswer.to(this.master, this::describe);
	}

	/**
	 * Show one worker.
	 * @param id the worker's id
	 * @return a {@link WorkerDescriptor}, or status 404 if no live worker has the id
	 */
	@ReadOperation
	public WebEndpointResponse<?> worker(@Selector int id) {
		return MasterAnswer.to(this.master, (master) -> response(find(master, id)));
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
		if (workers == null) {
			checkIsRestart(action);
		}
		return MasterAnswer.to(this.master, (master) -> {
			if (workers != null) {
				master.resize(workers);
			}
			else {
				master.restartCluster();
			}
			return describe(master);
		});
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
		return MasterAnswer.to(this.master, (master) -> restart(master, id));
	}

	private static WebEndpointResponse<?> restart(MasterClient master, int id)
			throws MasterUnavailableException, CommandRefusedException {
		Optional<WorkerDescriptor> worker = find(master, id);
		if (worker.isPresent()) {
			try {
				master.restartWorker(id);
			}
			catch (CommandRefusedException ex) {
				if (find(master, id).isPresent()) {
					throw ex;
				}
				// it has ended meanwhile
				return response(Optional.empty());
			}
		}
		return response(worker);
	}

	private static void checkIsRestart(@Nullable String action) {
		check(RESTART.equals(action), "'action' must be '" + RESTART + "'");
	}

	private static void check(boolean valid, String rule) {
		if (!valid) {
			throw new InvalidEndpointRequestException(rule, rule);
		}
	}

	private WebEndpointResponse<ClusterDescriptor> describe(MasterClient master) throws MasterUnavailableException {
		return new WebEndpointResponse<>(ClusterDescriptor.of(master.view(), this.cluster.getWorker()));
	}

	private static Optional<WorkerDescriptor> find(MasterClient master, int id) throws MasterUnavailableException {
		return master.view()
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
