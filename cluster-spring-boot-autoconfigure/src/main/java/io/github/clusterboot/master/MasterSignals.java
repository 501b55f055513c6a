package io.github.clusterboot.master;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.github.clusterboot.master.loop.MasterLog;
import io.github.clusterboot.master.loop.MasterLoop;
import io.github.clusterboot.master.supervise.Supervision;
import io.github.clusterboot.os.Signals;
import org.apache.commons.logging.Log;

/**
 * What signals to the master do: {@code TERM} and {@code INT} stop the cluster, the first
 * gracefully, a second at once; {@code HUP} restarts it; {@code TTIN} and {@code TTOU}
 * make it larger and smaller by one worker.
 * <p>
 * While the cluster is being prepared all of them wait for it, {@code TERM} and
 * {@code INT} not for long. Each signal is handled by a thread of its own, which the JVM
 * makes; that {@code TERM} and {@code INT} end the process in time does not need the
 * event loop.
 */
final class MasterSignals implements AutoCloseable {

	private static final Log logger = MasterLog.of(MasterSignals.class);

	/**
	 * A process that a signal ends exits with 128 + the signal's number, see
	 * {@code bash(1)}.
	 */
	private static final int EXIT_CODE_OF_SIGNALS = 128;

	/**
	 * How much longer than it should a graceful stop may take.
	 */
	private static final Duration MARGIN = Duration.ofSeconds(2);

	/**
	 * How long it may take until there is a cluster that can be stopped.
	 */
	private static final Duration TIME_TO_PREPARE = Duration.ofSeconds(2);

	/**
	 * How long killed workers may take to end.
	 */
	private static final Duration TIME_TO_DIE = Duration.ofSeconds(2);

	private final MasterLoop loop;

	private final CompletableFuture<Supervision> target;

	private final ShutdownWatch watch;

	private final Duration shutdownTimeout;

	private final List<Runnable> restore = new ArrayList<>();

	private boolean stopping;

	private MasterSignals(MasterLoop loop, CompletableFuture<Supervision> target, ShutdownWatch watch,
			Duration shutdownTimeout) {
		this.loop = loop;
		this.target = target;
		this.watch = watch;
		this.shutdownTimeout = shutdownTimeout;
	}

	/**
	 * Handle the signals from now on.
	 * @param loop the event loop
	 * @param target what they act on, once it is there
	 * @param watch ends the process if the event loop does not
	 * @param shutdownTimeout how long a graceful stop may take
	 * @return the signals, given back by the caller
	 */
	static MasterSignals handle(MasterLoop loop, CompletableFuture<Supervision> target, ShutdownWatch watch,
			Duration shutdownTimeout) {
		MasterSignals signals = new MasterSignals(loop, target, watch, shutdownTimeout);
		signals.handle("TERM", signals::stop);
		signals.handle("INT", signals::stop);
		signals.handle("HUP", signals.change((supervision, cause) -> supervision.restart(cause)));
		signals.handle("TTIN",
				signals.change((supervision, cause) -> supervision.resize(supervision.size() + 1, cause)));
		signals.handle("TTOU",
				signals.change((supervision, cause) -> supervision.resize(supervision.size() - 1, cause)));
		EarlyHangUp.tell();
		return signals;
	}

	private void handle(String name, Action action) {
		try {
			Signals.Before before = Signals.handle(name, (number) -> action.perform("SIG" + name, number));
			this.restore.add(before.restoring());
			if (before.ignored()) {
				logger.info("SIG" + name + " has no effect: it was ignored when this process was started, as by nohup");
			}
		}
		catch (IllegalArgumentException ex) {
			logger.warn("SIG" + name + " cannot be handled, the system does with it what it does by default: "
					+ ex.getMessage());
		}
	}

	private Action change(Change change) {
		return (cause, number) -> this.target
			.thenAccept((target) -> this.loop.execute("handle " + cause, () -> change.make(target, cause)));
	}

	private void stop(String cause, int number) {
		int exitCode = EXIT_CODE_OF_SIGNALS + number;
		Supervision target = this.target.getNow(null);
		if (target == null) {
			logger.info(cause + " while the cluster is being prepared: it stops before it has begun");
			this.watch.endWithin(TIME_TO_PREPARE, exitCode);
			stopOnceThere(cause, exitCode);
		}
		else if (isFirst(target)) {
			this.watch.endWithin(this.shutdownTimeout.plus(MARGIN), exitCode);
			stopOnceThere(cause, exitCode);
		}
		else {
			this.watch.endWithin(TIME_TO_DIE, exitCode);
			try {
				// first, so that it comes before the exits: they are not crashes
				this.loop.execute("handle a second " + cause, () -> target.shutDownNow(exitCode, cause));
			}
			finally {
				// the event loop may never come to it
				this.watch.killWorkers();
			}
		}
	}

	private void stopOnceThere(String cause, int exitCode) {
		this.target
			.thenAccept((target) -> this.loop.execute("handle " + cause, () -> target.shutDown(exitCode, cause)));
	}

	private synchronized boolean isFirst(Supervision supervision) {
		boolean first = !this.stopping && !supervision.isShuttingDown();
		this.stopping = true;
		return first;
	}

	@Override
	public void close() {
		this.restore.forEach(Runnable::run);
	}

	@FunctionalInterface
	private interface Action {

		void perform(String cause, int number);

	}

	@FunctionalInterface
	private interface Change {

		void make(Supervision supervision, String cause);

	}

}
