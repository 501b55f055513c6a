package io.github.clusterboot.master.supervise;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import io.github.clusterboot.ExitReason;
import io.github.clusterboot.WorkerState;

/**
 * The rows of the table in the Javadoc of {@link WorkerHandle}.
 */
enum LegalState {

	STARTING(WorkerState.STARTING, ExitReason.START_TIMEOUT, ExitReason.REQUESTED) {

		@Override
		boolean fits(WorkerHandle worker) {
			return !worker.hasBeenReady() && !isEnding(worker) && !worker.isHung();
		}

	},

	READY(WorkerState.READY, ExitReason.REQUESTED) {

		@Override
		boolean fits(WorkerHandle worker) {
			return worker.hasBeenReady() && !isEnding(worker) && !worker.isHung();
		}

	},

	REFUSING(WorkerState.OUT_OF_SERVICE, ExitReason.START_TIMEOUT, ExitReason.REQUESTED) {

		@Override
		boolean fits(WorkerHandle worker) {
			return worker.hasBeenReady() && !isEnding(worker) && !worker.isHung();
		}

	},

	HUNG(WorkerState.OUT_OF_SERVICE, ExitReason.HUNG, ExitReason.REQUESTED) {

		@Override
		boolean fits(WorkerHandle worker) {
			return worker.exitCause().isAskedFor(ExitReason.HUNG) && !worker.exitCause().isLeaving() && worker.isHung();
		}

	},

	DRAINING_ASKED(WorkerState.DRAINING, ExitReason.DRAIN_TIMEOUT, ExitReason.REQUESTED) {

		@Override
		boolean fits(WorkerHandle worker) {
			return worker.exitCause().isAsked() && !worker.exitCause().isAskedFor(ExitReason.HUNG)
					&& !worker.exitCause().isLeaving() && !worker.isHung();
		}

	},

	DRAINING_LEAVES(WorkerState.DRAINING, ExitReason.DRAIN_TIMEOUT, ExitReason.REQUESTED) {

		@Override
		boolean fits(WorkerHandle worker) {
			return worker.hasBeenReady() && worker.exitCause().isLeaving() && !worker.isHung();
		}

	},

	DRAINING_LOST(WorkerState.DRAINING, ExitReason.DRAIN_TIMEOUT, ExitReason.REQUESTED) {

		@Override
		boolean fits(WorkerHandle worker) {
			return !isEnding(worker) && !worker.isHung();
		}

	},

	DRAINING_HUNG(WorkerState.DRAINING, ExitReason.HUNG, ExitReason.DRAIN_TIMEOUT, ExitReason.REQUESTED) {

		@Override
		boolean fits(WorkerHandle worker) {
			return worker.exitCause().isAsked() && worker.isHung();
		}

	};

	private final WorkerState state;

	private final Set<ExitReason> killedFor;

	LegalState(WorkerState state, ExitReason killedFor, ExitReason... others) {
		this.state = state;
		this.killedFor = EnumSet.of(killedFor, others);
	}

	abstract boolean fits(WorkerHandle worker);

	/**
	 * Return the row that a worker is in.
	 * @param worker the worker
	 * @return the only row that it fits into
	 */
	static LegalState of(WorkerHandle worker) {
		ExitReason killed = worker.exitCause().killedFor();
		List<LegalState> rows = Arrays.stream(values())
			.filter((row) -> row.state == worker.state() && (killed == null || row.killedFor.contains(killed)))
			.filter((row) -> row.fits(worker))
			.toList();
		if (rows.size() != 1) {
			throw new AssertionError(worker + " is in the rows " + rows + ": " + worker.state() + ", ready before: "
					+ worker.hasBeenReady() + ", asked: " + worker.exitCause().isAsked() + ", leaves: "
					+ worker.exitCause().isLeaving() + ", hung: " + worker.isHung() + ", killed for: " + killed);
		}
		return rows.get(0);
	}

	private static boolean isEnding(WorkerHandle worker) {
		return worker.exitCause().isAsked() || worker.exitCause().isLeaving();
	}

}
