package io.github.clusterboot.master.supervise;

import java.time.Duration;

import io.github.clusterboot.ClusterEventType;
import io.github.clusterboot.ExitReason;
import io.github.clusterboot.WorkerState;
import io.github.clusterboot.ipc.Message;
import io.github.clusterboot.master.loop.Durations;
import io.github.clusterboot.master.loop.MasterLog;
import io.github.clusterboot.master.loop.Steps;
import org.apache.commons.logging.Log;

/**
 * Has workers finish what they hold, then end. Used on the event loop only.
 */
final class Drainer {

	private static final Log logger = MasterLog.of(Drainer.class);

	private final SupervisionContext context;

	Drainer(SupervisionContext context) {
		this.context = context;
	}

	/**
	 * Ask a worker to drain while others serve on.
	 * @param worker the worker
	 * @param reason why it has to end
	 */
	void drain(WorkerHandle worker, ExitReason reason) {
		drain(worker, reason, true);
	}

	/**
	 * Ask a worker to drain because the whole cluster ends.
	 * @param worker the worker
	 */
	void drainForStop(WorkerHandle worker) {
		drain(worker, ExitReason.REQUESTED, false);
	}

	/**
	 * A worker that has not been ready holds nothing and is terminated. One that has been
	 * killed cannot do anything.
	 */
	private void drain(WorkerHandle worker, ExitReason reason, boolean handBack) {
		if (worker.exitCause().isKilled()) {
			return;
		}
		worker.exitCause().askedFor(reason);
		begin(worker);
		Steps.take("ask " + worker + " to drain", () -> ask(worker, handBack));
	}

	private static void ask(WorkerHandle worker, boolean handBack) {
		boolean asked = worker.hasBeenReady() && worker.send(new Message.Drain(handBack));
		if (!asked) {
			worker.process().terminate();
		}
	}

	/**
	 * Note that a worker drains without the master having asked.
	 * @param worker the worker
	 * @param terminated whether a signal told it to, and not its application
	 */
	void drainsOnItsOwn(WorkerHandle worker, boolean terminated) {
		if (terminated) {
			drain(worker, ExitReason.REQUESTED);
		}
		else {
			// its exit code will tell whether it is to be replaced
			worker.exitCause().leaves(true);
			begin(worker);
		}
	}

	/**
	 * Note that a worker drains, whether it was asked to or not, and see to it that it
	 * ends in time.
	 * @param worker the worker
	 */
	void begin(WorkerHandle worker) {
		if (worker.state() == WorkerState.DRAINING || worker.state() == WorkerState.STOPPED || worker.isHung()) {
			return;
		}
		worker.drains();
		worker.deadline(null);
		limit(worker);
		Steps.take("note the drain of " + worker, () -> this.context.journal()
			.record(ClusterEventType.WORKER_DRAINING, worker.identity(), worker + " finishes what it holds"));
		Steps.take("take back the connections of " + worker, () -> this.context.listeners().takeBack(worker));
	}

	/**
	 * Limit the drains whose limit could not be set, for lack of memory.
	 */
	void look() {
		for (WorkerHandle worker : this.context.workers().all()) {
			if (worker.state() == WorkerState.DRAINING && !worker.hasDeadline() && !worker.exitCause().isKilled()) {
				limit(worker);
			}
		}
	}

	private void limit(WorkerHandle worker) {
		Duration timeout = this.context.settings().drainTimeout();
		Steps.take("limit the drain of " + worker, () -> worker.deadline(
				this.context.loop().schedule("end the drain of " + worker, () -> killAfter(timeout, worker), timeout)));
	}

	private static void killAfter(Duration timeout, WorkerHandle worker) {
		logger.warn(worker + " has not ended within " + Durations.format(timeout) + " and is killed");
		worker.killFor(ExitReason.DRAIN_TIMEOUT);
	}

}
