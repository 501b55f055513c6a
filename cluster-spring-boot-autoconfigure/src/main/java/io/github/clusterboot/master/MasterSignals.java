package io.github.clusterboot.master;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.github.clusterboot.ipc.Signals;
import io.netty.channel.EventLoop;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * The signals that stop the cluster: the first gracefully, a second at once.
 */
final class MasterSignals implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(MasterSignals.class);

	/**
	 * A process that a signal ends exits with 128 + the signal's number, see
	 * {@code bash(1)}.
	 */
	private static final int EXIT_CODE_OF_SIGNALS = 128;

	private final EventLoop loop;

	private final CompletableFuture<Stop> stop;

	private final List<Runnable> restore = new ArrayList<>();

	private MasterSignals(EventLoop loop, CompletableFuture<Stop> stop) {
		this.loop = loop;
		this.stop = stop;
	}

	/**
	 * Handle the signals from now on.
	 * @param loop the event loop
	 * @param stop what they begin; one that comes earlier waits for it
	 * @return the signals, given back by the caller
	 */
	static MasterSignals handle(EventLoop loop, CompletableFuture<Stop> stop) {
		MasterSignals signals = new MasterSignals(loop, stop);
		signals.handle("TERM");
		signals.handle("INT");
		signals.handle("HUP");
		return signals;
	}

	private void handle(String name) {
		try {
			this.restore.add(Signals.handle(name, (number) -> received("SIG" + name, number)));
		}
		catch (IllegalArgumentException ex) {
			logger.warn("SIG" + name + " cannot be handled, it ends the master at once: " + ex.getMessage());
		}
	}

	private void received(String cause, int number) {
		this.stop.thenAcceptAsync((stop) -> stop(stop, cause, EXIT_CODE_OF_SIGNALS + number), this.loop);
	}

	private static void stop(Stop stop, String cause, int exitCode) {
		if (stop.isUnderWay()) {
			stop.now(exitCode, cause);
		}
		else {
			stop.begin(exitCode, cause);
		}
	}

	@Override
	public void close() {
		this.restore.forEach(Runnable::run);
	}

}
