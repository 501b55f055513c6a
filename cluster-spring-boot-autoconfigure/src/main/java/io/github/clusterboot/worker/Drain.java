package io.github.clusterboot.worker;

import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.github.clusterboot.ipc.ScoreboardSlot;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Finishes what this worker holds, while its application is fully alive: from
 * {@link org.springframework.context.event.ContextClosedEvent} on, Spring's task
 * executors accept no task, and from Spring Boot's graceful shutdown on, Tomcat closes a
 * kept-alive connection instead of answering its next request.
 * <p>
 * It is over when every connection that was taken has been closed or handed back, or when
 * there is just enough time left to close the application. May be begun from any thread,
 * and works on its own.
 */
final class Drain {

	private static final Log logger = LogFactory.getLog(Drain.class);

	private static final Duration MIN_PAUSE = Duration.ofMillis(10);

	/**
	 * Each look at many connections that do not end costs processor time.
	 */
	private static final Duration MAX_PAUSE = Duration.ofMillis(100);

	/**
	 * How long a connection has to be idle before it is closed, if no other worker can go
	 * on with it. A client that is about to send its next request has done so by then.
	 */
	private static final Duration IDLE_GRACE = Duration.ofSeconds(1);

	/**
	 * The most that is left of the drain timeout for closing the application.
	 */
	private static final Duration MAX_MARGIN = Duration.ofSeconds(5);

	private final Duration margin;

	private final Duration time;

	private final HandoverChannels handovers;

	private final Collection<DrainableServer> servers;

	private final ScoreboardSlot figures;

	private final Runnable onBegin;

	private final CountDownLatch over = new CountDownLatch(1);

	private boolean begun;

	private long deadline;

	private volatile boolean handBack = true;

	private volatile long handBackStopped;

	/**
	 * Create a drain that has not begun.
	 * @param timeout from here to the end of the process
	 * @param handovers the channels that connections are taken from
	 * @param servers the servers that serve them, at any time
	 * @param figures counts the connections
	 * @param onBegin tells the master
	 */
	Drain(Duration timeout, HandoverChannels handovers, Collection<DrainableServer> servers, ScoreboardSlot figures,
			Runnable onBegin) {
		Duration quarter = timeout.dividedBy(4);
		this.margin = (quarter.compareTo(MAX_MARGIN) < 0) ? quarter : MAX_MARGIN;
		this.time = timeout.minus(this.margin);
		this.handovers = handovers;
		this.servers = servers;
		this.figures = figures;
		this.onBegin = onBegin;
	}

	/**
	 * Release no more connections, since no other worker could go on with them. Those
	 * that have been released still go to the master.
	 */
	synchronized void stopHandingBack() {
		if (this.handBack) {
			this.handBackStopped = System.nanoTime();
			this.handBack = false;
		}
	}

	/**
	 * Begin, unless that was done before, and wait until it is over, even if the thread
	 * is interrupted.
	 * @return how long the application may take to close, if there are connections that
	 * it closes; otherwise zero, which says that nothing is in a hurry
	 */
	Duration complete() {
		begin();
		boolean interrupted = false;
		// not forever: the drain may hang in a call to a stopped master
		for (long rest = restToClose(); rest > 0; rest = restToClose()) {
			try {
				if (this.over.await(rest, TimeUnit.NANOSECONDS)) {
					break;
				}
			}
			catch (InterruptedException ex) {
				interrupted = true;
			}
		}
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
		return (this.figures.connectionsOpen() > 0) ? this.margin : Duration.ZERO;
	}

	private synchronized void begin() {
		if (!this.begun) {
			this.begun = true;
			this.deadline = System.nanoTime() + this.time.toNanos();
			this.handovers.stopTaking();
			this.onBegin.run();
			Thread thread = new Thread(this::run, "cluster-drain");
			thread.setDaemon(true);
			thread.start();
		}
	}

	private synchronized long rest() {
		return this.deadline - System.nanoTime();
	}

	/**
	 * Connections that are open when time is up are closed before the application is.
	 */
	private long restToClose() {
		return rest() + this.margin.dividedBy(4).toNanos();
	}

	private void run() {
		long start = System.nanoTime();
		try {
			sweepUntilNothingIsLeft();
			this.servers.forEach((server) -> server.closeIdle(Duration.ZERO));
			report(start);
		}
		catch (InterruptedException | RuntimeException ex) {
			logger.warn("The drain has failed: connections may be cut off", ex);
		}
		finally {
			this.over.countDown();
		}
	}

	private void sweepUntilNothingIsLeft() throws InterruptedException {
		long before = this.figures.connectionsOpen();
		Duration pause = MIN_PAUSE;
		while (!sweep() && rest() > 0) {
			long open = this.figures.connectionsOpen();
			pause = (open != before) ? MIN_PAUSE : longer(pause);
			before = open;
			Thread.sleep(pause.toMillis());
		}
	}

	private static Duration longer(Duration pause) {
		Duration twice = pause.multipliedBy(2);
		return (twice.compareTo(MAX_PAUSE) < 0) ? twice : MAX_PAUSE;
	}

	/**
	 * Look once at all servers.
	 * @return whether no connection is left
	 */
	private boolean sweep() {
		this.servers.forEach(DrainableServer::endWithNextAnswer);
		boolean allHandedBack = true;
		for (DrainableServer server : this.servers) {
			allHandedBack &= handBackIdle(server);
		}
		if (!this.handBack && System.nanoTime() - this.handBackStopped >= IDLE_GRACE.toNanos()) {
			this.servers.forEach((server) -> server.closeIdle(IDLE_GRACE));
		}
		return this.figures.connectionsOpen() <= 0 && allHandedBack;
	}

	/**
	 * Hand back idle connections. If the master does not accept them, for example because
	 * it has no descriptor to spare, they are handed back the next time.
	 * @return whether all released connections have been handed back
	 */
	private boolean handBackIdle(DrainableServer server) {
		try {
			if (this.handBack) {
				server.releaseIdle();
			}
		}
		catch (IOException ex) {
			logger.debug("The master does not accept connections that are handed back", ex);
		}
		try {
			return server.handBackReleased() == 0;
		}
		catch (IOException ex) {
			logger.debug("The master has not accepted a connection that was handed back", ex);
			return false;
		}
	}

	private void report(long start) {
		Duration used = Duration.ofNanos(System.nanoTime() - start);
		long open = this.figures.connectionsOpen();
		if (open > 0) {
			logger.warn("After " + used.toMillis() + " ms of draining " + open
					+ " connections are still in use: they end with the application");
		}
		else {
			logger.info("Drained in " + used.toMillis() + " ms");
		}
	}

}
