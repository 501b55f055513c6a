package io.github.clusterboot.it;

import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Takes a cluster through its life while the master's system calls are refused, and looks
 * what becomes of it. One cluster goes through several phases for as long as it goes on.
 */
final class RefusedSystemCalls {

	/**
	 * How much longer than calls are refused a client may wait.
	 */
	private static final Duration LONGEST_WAIT_AFTERWARDS = Duration.ofSeconds(5);

	/**
	 * How long calls are refused while the cluster serves.
	 */
	private static final Duration REFUSED_WHILE_SERVING = Duration.ofSeconds(4);

	/**
	 * How long they are refused at the most while it starts or restarts.
	 */
	private static final Duration REFUSED_AT_MOST = Duration.ofSeconds(25);

	private static final Duration TIME_TO_RECOVER = Duration.ofSeconds(90);

	private static final Duration NONE = Duration.ZERO;

	private static final int TERMINATED = 143;

	private final Supplier<ClusterApplicationBuilder> builders;

	private final Refusal refusal;

	/**
	 * The cluster of the phase before, if it has gone on.
	 */
	private @Nullable GatedCluster left;

	RefusedSystemCalls(Supplier<ClusterApplicationBuilder> builders, Refusal refusal) {
		this.builders = builders;
		this.refusal = refusal;
	}

	/**
	 * Refuse calls while the master does something. Starts a cluster if none is left of
	 * the phase before.
	 * @param phase what the master does
	 * @return what has become of it
	 */
	RefusedOutcome in(RefusedPhase phase) {
		GatedCluster cluster = (phase == RefusedPhase.STARTS) ? GatedCluster.start(this.builders.get()) : running();
		RefusedOutcome outcome = switch (phase) {
			case STARTS -> start(cluster);
			case SERVES -> serve(cluster);
			case RESTARTS -> restart(cluster);
			case STOPS -> stop(cluster);
		};
		if (outcome.wrong() && cluster.isAlive()) {
			// the next phase has to begin with one that nothing has happened to
			cluster.application().signal("KILL");
		}
		this.left = (!outcome.wrong() && cluster.isAlive()) ? cluster : null;
		return outcome;
	}

	private GatedCluster running() {
		GatedCluster cluster = this.left;
		if (cluster == null) {
			cluster = GatedCluster.start(this.builders.get());
			cluster.openGate();
		}
		cluster.application().awaitReady(GatedCluster.WORKERS);
		return cluster;
	}

	private RefusedOutcome start(GatedCluster cluster) {
		long refused;
		try (RefusingTracer tracer = refuse(cluster, RefusedPhase.STARTS)) {
			cluster.openGate();
			waitFor(REFUSED_AT_MOST, () -> !cluster.isAlive() || cluster.isStarted());
			refused = tracer.refused();
		}
		if (!waitFor(TIME_TO_RECOVER, () -> !cluster.isAlive() || cluster.isStarted())) {
			return (cluster.waitsBeforeThereIsAMaster() && ends(cluster) && cluster.left() == null)
					? outcome(RefusedPhase.STARTS, refused,
							"Spring Boot waits for its own thread, `TERM` ends it with "
									+ cluster.application().awaitExit(NONE),
							NONE)
					: wrong(RefusedPhase.STARTS, refused, "does not start");
		}
		if (!cluster.isAlive()) {
			return ended(cluster, RefusedPhase.STARTS, refused, NONE);
		}
		if (!cluster.isRunning()) {
			cluster.application().signal("TERM");
			cluster.application().awaitExit(GatedCluster.SHUTDOWN_TIMEOUT);
			return outcome(RefusedPhase.STARTS, refused, "runs without workers and says why", NONE);
		}
		return outcome(RefusedPhase.STARTS, refused, "starts", NONE);
	}

	private RefusedOutcome serve(GatedCluster cluster) {
		try (PersistentClient client = new PersistentClient(cluster.application(), "/worker")) {
			long begin = System.nanoTime();
			long refused;
			try (RefusingTracer tracer = refuse(cluster, RefusedPhase.SERVES)) {
				Signals.send("KILL", cluster.application().workerPids().get(0));
				waitFor(REFUSED_WHILE_SERVING, () -> !cluster.isAlive());
				refused = tracer.refused();
			}
			return recovered(cluster, RefusedPhase.SERVES, refused, client, begin);
		}
	}

	private RefusedOutcome restart(GatedCluster cluster) {
		String begun = "generation " + (cluster.application().report().generation() + 1);
		try (PersistentClient client = new PersistentClient(cluster.application(), "/worker")) {
			long begin = System.nanoTime();
			long refused;
			try (RefusingTracer tracer = refuse(cluster, RefusedPhase.RESTARTS)) {
				cluster.application().signal("HUP");
				waitFor(REFUSED_AT_MOST, () -> !cluster.isAlive()
						|| (cluster.application().output().contains(begun) && cluster.isWhole()));
				refused = tracer.refused();
			}
			return recovered(cluster, RefusedPhase.RESTARTS, refused, client, begin);
		}
	}

	private RefusedOutcome recovered(GatedCluster cluster, RefusedPhase phase, long refused, PersistentClient client,
			long begin) {
		Duration held = Duration.ofNanos(System.nanoTime() - begin);
		boolean recovered = waitFor(TIME_TO_RECOVER, () -> !cluster.isAlive() || cluster.isWhole());
		Duration wait = client.longestWait();
		if (!cluster.isAlive()) {
			return ended(cluster, phase, refused, wait);
		}
		if (!recovered) {
			return wrong(phase, refused, "does not recover");
		}
		if (wait.compareTo(held.plus(LONGEST_WAIT_AFTERWARDS)) > 0) {
			return wrong(phase, refused, "a client waits for " + seconds(wait));
		}
		return outcome(phase, refused, (phase == RefusedPhase.RESTARTS) ? restartOf(cluster) : "goes on", wait);
	}

	private static String restartOf(GatedCluster cluster) {
		ClusterReport.LastRestart last = cluster.application().report().lastRestart();
		return (last != null) ? "goes on, `" + last.state() + "`" : "goes on, no restart";
	}

	private RefusedOutcome stop(GatedCluster cluster) {
		long refused;
		boolean ended;
		try (RefusingTracer tracer = refuse(cluster, RefusedPhase.STOPS)) {
			ended = ends(cluster);
			refused = tracer.refused();
		}
		String text = "ends with ";
		if (!ended && cluster.hasLostTerm()) {
			// no code of the JDK's user has been called; the sender may try again
			ended = ends(cluster);
			text = "the JVM cannot deal with `TERM` and says so, then ends with ";
		}
		return ended ? ended(cluster, RefusedPhase.STOPS, refused, text, NONE)
				: wrong(RefusedPhase.STOPS, refused, "`TERM` does not end it in time");
	}

	private static boolean ends(GatedCluster cluster) {
		cluster.application().signal("TERM");
		return waitFor(GatedCluster.SHUTDOWN_TIMEOUT.plus(GatedCluster.TIME_TO_EXIT), () -> !cluster.isAlive());
	}

	private static RefusedOutcome ended(GatedCluster cluster, RefusedPhase phase, long refused, Duration wait) {
		return ended(cluster, phase, refused, "ends with ", wait);
	}

	/**
	 * One that was told to end has nothing to explain.
	 */
	private static RefusedOutcome ended(GatedCluster cluster, RefusedPhase phase, long refused, String prefix,
			Duration wait) {
		int code = cluster.application().awaitExit(NONE);
		String text = (cluster.hasJvmFailed() ? "the JVM " : "") + prefix + code;
		String left = cluster.left();
		if (left != null) {
			return wrong(phase, refused, text + ", " + left);
		}
		if (phase == RefusedPhase.STOPS && code == TERMINATED) {
			return outcome(phase, refused, text, wait);
		}
		return cluster.hasReported() ? outcome(phase, refused, text + " and says why", wait)
				: wrong(phase, refused, text + " without a word");
	}

	private RefusingTracer refuse(GatedCluster cluster, RefusedPhase phase) {
		cluster.forgetOutput();
		return RefusingTracer.attach(this.refusal, cluster.application().pid(),
				Path.of(cluster.application().log() + "." + phase));
	}

	private static boolean waitFor(Duration timeout, BooleanSupplier condition) {
		try {
			Awaitility.await().atMost(timeout).pollInterval(Duration.ofMillis(100)).until(condition::getAsBoolean);
			return true;
		}
		catch (ConditionTimeoutException ex) {
			return false;
		}
	}

	private static RefusedOutcome outcome(RefusedPhase phase, long refused, String text, Duration wait) {
		return new RefusedOutcome(phase, refused, text, false, wait);
	}

	private static RefusedOutcome wrong(RefusedPhase phase, long refused, String text) {
		return new RefusedOutcome(phase, refused, text, true, NONE);
	}

	static String seconds(Duration duration) {
		return "%.1f s".formatted(duration.toMillis() / 1000.0);
	}

}
