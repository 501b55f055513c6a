package io.github.clusterboot.worker;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import io.github.clusterboot.ipc.Message;
import io.github.clusterboot.ipc.ScoreboardSlot;
import org.jspecify.annotations.Nullable;

/**
 * The orderly shutdown of this worker: drains it, and then ends the process with the exit
 * code that belongs to the cause. May be used from any thread.
 */
final class WorkerShutdown {

	/**
	 * 128 + the number of {@code SIGTERM}, as the JVM has it.
	 */
	private static final int EXIT_CODE_TERMINATED = 143;

	private static final String TERMINATED = "TERM received";

	/**
	 * How long the master may take to say how to drain.
	 */
	private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(1);

	private final Duration drainTimeout;

	private final HandoverChannels handovers;

	private final ScoreboardSlot figures;

	private final Consumer<Message.Draining> master;

	private final ProcessExit exit;

	private final Set<DrainableServer> servers = ConcurrentHashMap.newKeySet();

	private final AtomicReference<@Nullable Object> claimant = new AtomicReference<>();

	private final AtomicBoolean terminated = new AtomicBoolean();

	private volatile Drain drain;

	/**
	 * Create a shutdown that has not begun.
	 * @param drainTimeout from the worker's drain to its exit
	 * @param handovers the channels that connections are taken from
	 * @param figures counts the connections
	 * @param master tells the master, and does not block
	 * @param exit ends the process
	 */
	WorkerShutdown(Duration drainTimeout, HandoverChannels handovers, ScoreboardSlot figures,
			Consumer<Message.Draining> master, ProcessExit exit) {
		this.drainTimeout = drainTimeout;
		this.handovers = handovers;
		this.figures = figures;
		this.master = master;
		this.exit = exit;
		this.drain = newDrain();
	}

	private Drain newDrain() {
		return new Drain(this.drainTimeout, this.handovers, this.servers, this.figures, this::tellMaster);
	}

	private void tellMaster() {
		if (!this.terminated.get()) {
			this.master.accept(new Message.Draining(false));
		}
	}

	/**
	 * Add a server that takes part in the drain.
	 * @param server the server
	 */
	void add(DrainableServer server) {
		this.servers.add(server);
	}

	/**
	 * Forget a server.
	 * @param server the server
	 */
	void remove(DrainableServer server) {
		this.servers.remove(server);
	}

	/**
	 * Claim to be the application that this worker lives for, which is the first that
	 * serves.
	 * @param application the application
	 * @return whether it is that application
	 */
	boolean claim(Object application) {
		return this.claimant.compareAndSet(null, application);
	}

	/**
	 * Give the claim up, since the application has ended and another may follow. Has no
	 * effect for any other application.
	 * @param application the application
	 */
	void giveUpClaim(Object application) {
		if (this.claimant.get() == application) {
			this.drain = newDrain();
			this.claimant.set(null);
		}
	}

	/**
	 * Drain: stop taking connections, tell the master that this worker will end, and wait
	 * until the connections that it has taken are closed or handed back.
	 * @return how long the application may take to close, if there are connections that
	 * it closes, otherwise zero
	 */
	Duration drain() {
		return this.drain.complete();
	}

	/**
	 * Shut down, since the master asks for it. Returns at once.
	 * @param handBack whether others can go on with the worker's idle connections
	 */
	void asked(boolean handBack) {
		if (!handBack) {
			this.drain.stopHandingBack();
		}
		begin(this.terminated.get() ? TERMINATED : "Shutdown requested by the master");
	}

	/**
	 * Shut down, since the master is gone. Returns at once.
	 */
	void linkEnded() {
		this.drain.stopHandingBack();
		this.exit.linkEnded();
		begin("Link to the master lost");
	}

	/**
	 * Shut down on a signal. The worker keeps serving until the master asks for the
	 * drain, since only the master knows whether another worker can go on with its
	 * connections. Blocks until then, but no longer than a second: the master may be
	 * stopped, or may not know this worker as ready.
	 */
	void terminated() {
		if (this.terminated.compareAndSet(false, true)) {
			this.master.accept(new Message.Draining(true));
			awaitMaster();
			begin(TERMINATED);
		}
	}

	private void awaitMaster() {
		try {
			this.exit.awaitBegin(ANSWER_TIMEOUT);
		}
		catch (InterruptedException ex) {
			// drain at once
			Thread.currentThread().interrupt();
		}
	}

	private void begin(String cause) {
		this.exit.begin(cause, this.terminated.get() ? EXIT_CODE_TERMINATED : 0, this::drain);
	}

}
