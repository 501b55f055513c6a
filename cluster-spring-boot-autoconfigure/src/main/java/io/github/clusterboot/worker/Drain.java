package io.github.clusterboot.worker;

import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import io.github.clusterboot.ipc.Scoreboard;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Lets this worker finish what it holds, while its application is fully alive: from
 * {@link org.springframework.context.event.ContextClosedEvent} on Spring's task executors
 * take no task, and from Spring Boot's graceful shutdown on Tomcat closes a kept-alive
 * connection instead of answering its next request.
 * <p>
 * It is over when each connection that was taken has been closed or handed back, or when
 * there is just enough time left to close the application. May be begun from any thread,
 * and works on one of its own.
 */
final class Drain {

	private static final Log logger = LogFactory.getLog(Drain.class);

	private static final Duration SWEEP_INTERVAL = Duration.ofMillis(10);

	/**
	 * How long an idle connection is left open that nobody else can go on with. A client
	 * that is about to send its next request has done so by then.
	 */
	private static final Duration IDLE_GRACE = Duration.ofSeconds(1);

	/**
	 * The most that is left of the drain time-out for closing the application.
	 */
	private static final Duration MAX_MARGIN = Duration.ofSeconds(5);

	private final Duration time;

	private final HandoverChannels handovers;

	private final Collection<DrainableServer> servers;

	private final Scoreboard.Slot figures;

	private final Consumer<Boolean> onBegin;

	private final AtomicBoolean begun = new AtomicBoolean();

	private final CountDownLatch over = new CountDownLatch(1);

	private volatile boolean handBack = true;

	/**
	 * Create a drain that has not begun.
	 * @param timeout from here to the end of the process
	 * @param handovers the channels that connections are taken from
	 * @param servers the servers that serve them, at any time
	 * @param figures counts the connections
	 * @param onBegin tells the master, given whether a signal was the cause
	 */
	Drain(Duration timeout, HandoverChannels handovers, Collection<DrainableServer> servers, Scoreboard.Slot figures,
			Consumer<Boolean> onBegin) {
		Duration quarter = timeout.dividedBy(4);
		this.time = timeout.minus((quarter.compareTo(MAX_MARGIN) < 0) ? quarter : MAX_MARGIN);
		this.handovers = handovers;
		this.servers = servers;
		this.figures = figures;
		this.onBegin = onBegin;
	}

	/**
	 * Hand nothing back from now on: there is nobody who could go on with it.
	 */
	void keepIdle() {
		this.handBack = false;
	}

	/**
	 * Begin, unless that was done before, and wait until it is over.
	 * @param terminated whether a signal is the cause
	 */
	void complete(boolean terminated) {
		if (this.begun.compareAndSet(false, true)) {
			begin(terminated);
		}
		try {
			// not for ever: the thread may hang in a call to a stopped master
			this.over.await(this.time.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void begin(boolean terminated) {
		this.handovers.stopTaking();
		this.onBegin.accept(terminated);
		Thread thread = new Thread(this::run, "cluster-drain");
		thread.setDaemon(true);
		thread.start();
	}

	private void run() {
		long start = System.nanoTime();
		try {
			while (!sweep(start) && !isPast(start, this.time)) {
				Thread.sleep(SWEEP_INTERVAL.toMillis());
			}
			this.servers.forEach(DrainableServer::closeIdle);
			report(start);
		}
		catch (InterruptedException | RuntimeException ex) {
			logger.warn("This worker ends with connections open", ex);
		}
		finally {
			this.over.countDown();
		}
	}

	/**
	 * Look once at all servers.
	 * @return whether no connection is left
	 */
	private boolean sweep(long start) {
		int onTheWay = 0;
		for (DrainableServer server : this.servers) {
			server.drain();
			onTheWay += handBackIdle(server);
			if (!this.handBack && isPast(start, IDLE_GRACE)) {
				server.closeIdle();
			}
		}
		return open() <= 0 && onTheWay == 0;
	}

	private int handBackIdle(DrainableServer server) {
		try {
			return this.handBack ? server.handBackIdle() : 0;
		}
		catch (IOException ex) {
			logger.debug("The master takes no connections back", ex);
			this.handBack = false;
			return 0;
		}
	}

	private long open() {
		// in this order: one that is taken and closed meanwhile must not hide another
		long closed = this.figures.connectionsClosed();
		return this.figures.connectionsTaken() - closed;
	}

	private void report(long start) {
		Duration used = Duration.ofNanos(System.nanoTime() - start);
		long open = open();
		if (open > 0) {
			logger.warn("After " + used.toMillis() + " ms of draining " + open
					+ " connections are still in use: they end with the application");
		}
		else {
			logger.info("Drained in " + used.toMillis() + " ms");
		}
	}

	private static boolean isPast(long start, Duration time) {
		return System.nanoTime() - start >= time.toNanos();
	}

}
