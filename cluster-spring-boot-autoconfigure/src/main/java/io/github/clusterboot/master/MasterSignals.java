package io.github.clusterboot.master;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.github.clusterboot.ipc.Signals;
import io.netty.channel.EventLoop;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * What signals to the master do: {@code TERM} and {@code INT} stop the cluster, the first
 * gracefully, a second at once; {@code HUP} restarts it; {@code TTIN} and {@code TTOU}
 * make it larger and smaller by one worker.
 */
final class MasterSignals implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(MasterSignals.class);

	/**
	 * A process that a signal ends exits with 128 + the signal's number, see
	 * {@code bash(1)}.
	 */
	private static final int EXIT_CODE_OF_SIGNALS = 128;

	private final EventLoop loop;

	private final CompletableFuture<Target> target;

	private final List<Runnable> restore = new ArrayList<>();

	private MasterSignals(EventLoop loop, CompletableFuture<Target> target) {
		this.loop = loop;
		this.target = target;
	}

	/**
	 * Handle the signals from now on.
	 * @param loop the event loop
	 * @param target what they act on; one that comes earlier waits for it
	 * @return the signals, given back by the caller
	 */
	static MasterSignals handle(EventLoop loop, CompletableFuture<Target> target) {
		MasterSignals signals = new MasterSignals(loop, target);
		signals.handle("TERM", MasterSignals::stop);
		signals.handle("INT", MasterSignals::stop);
		signals.handle("HUP", (master, cause, number) -> master.supervisor().restart(cause));
		signals.handle("TTIN", (master, cause, number) -> resize(master.supervisor(), 1, cause));
		signals.handle("TTOU", (master, cause, number) -> resize(master.supervisor(), -1, cause));
		return signals;
	}

	private void handle(String name, Action action) {
		try {
			this.restore.add(Signals.handle(name, (number) -> received(name, number, action)));
		}
		catch (IllegalArgumentException ex) {
			logger.warn("SIG" + name + " cannot be handled, the system does with it what it does by default: "
					+ ex.getMessage());
		}
	}

	private void received(String name, int number, Action action) {
		this.target.thenAcceptAsync((target) -> action.perform(target, "SIG" + name, number), this.loop)
			.exceptionally((failure) -> {
				logger.error("SIG" + name + " is not dealt with", failure);
				return null;
			});
	}

	private static void stop(Target target, String cause, int number) {
		int exitCode = EXIT_CODE_OF_SIGNALS + number;
		if (target.stop().isUnderWay()) {
			target.stop().now(exitCode, cause);
		}
		else {
			target.stop().begin(exitCode, cause);
		}
	}

	private static void resize(Supervisor supervisor, int by, String cause) {
		supervisor.resize(supervisor.target() + by, cause);
	}

	@Override
	public void close() {
		this.restore.forEach(Runnable::run);
	}

	/**
	 * What signals act on.
	 *
	 * @param stop stops the cluster
	 * @param supervisor changes it
	 */
	record Target(Stop stop, Supervisor supervisor) {

	}

	@FunctionalInterface
	private interface Action {

		void perform(Target target, String cause, int number);

	}

}
