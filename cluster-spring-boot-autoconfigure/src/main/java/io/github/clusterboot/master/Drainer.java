package io.github.clusterboot.master;

import io.github.clusterboot.ClusterEventType;
import io.github.clusterboot.ExitReason;
import io.github.clusterboot.WorkerState;
import io.github.clusterboot.ipc.Message;
import org.apache.commons.logging.Log;

/**
 * Has workers finish what they hold, then end. Used on the event loop only.
 */
final class Drainer {

	private static final Log logger = MasterLog.of(Drainer.class);

	private final MasterSettings settings;

	private final MasterLoop loop;

	private final Listeners listeners;

	private final EventJournal journal;

	Drainer(MasterSettings settings, MasterLoop loop, Listeners listeners, EventJournal journal) {
		this.settings = settings;
		this.loop = loop;
		this.listeners = listeners;
		this.journal = journal;
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
	 * A worker that has not been ready holds nothing and is terminated.
	 */
	private void drain(WorkerHandle worker, ExitReason reason, boolean handBack) {
		worker.ending().askedFor(reason);
		begin(worker);
		Steps.take("ask " + worker + " to drain", () -> ask(worker, handBack));
	}

	private static void ask(WorkerHandle worker, boolean handBack) {
		ControlChannel control = worker.control();
		if (worker.hasBeenReady() && control != null) {
			control.send(new Message.Drain(handBack));
		}
		else {
			worker.process().terminate();
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
		worker.state(WorkerState.DRAINING);
		worker.deadline(
				this.loop.schedule("end the drain of " + worker, () -> kill(worker), this.settings.drainTimeout()));
		Steps.take("note the drain of " + worker, () -> this.journal.record(ClusterEventType.WORKER_DRAINING,
				worker.identity(), worker + " finishes what it holds"));
		Steps.take("take back the connections of " + worker, () -> this.listeners.takeBack(worker));
	}

	private void kill(WorkerHandle worker) {
		logger.warn(
				worker + " has not ended within " + Durations.format(this.settings.drainTimeout()) + " and is killed");
		worker.killFor(ExitReason.DRAIN_TIMEOUT);
	}

}
