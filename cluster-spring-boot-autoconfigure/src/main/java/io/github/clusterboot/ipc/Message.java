package io.github.clusterboot.ipc;

import java.time.Duration;
import java.util.List;

import io.github.clusterboot.ClusterEvent;
import io.github.clusterboot.ClusterEventType;
import io.github.clusterboot.ClusterView;
import org.jspecify.annotations.Nullable;

/**
 * What a frame says.
 *
 * <pre>
 * worker                                   master
 *   | ── Hello ───────────────────────────►  |     control channel,
 *   | ◄─────────────────────────── Welcome ── |     one per worker
 *   | ── Listen ──────────────────────────►  |
 *   | ◄──────────── Listening|ListenFailed ── |
 *   | ── Limited ─────────────────────────►  |     before it is ready, if at all
 *   | ── Readiness|StartFailed ───────────►  |
 *   | ◄──────────────────── EventOccurred ── |     one for each event
 *   | ── ViewQuery|EventsQuery ───────────►  |
 *   | ◄─────────────────────── View|Events ── |
 *   | ── RestartCluster|RestartWorker|Resize ► |
 *   | ◄────────────────────── Done|Refused ── |
 *   | ◄──────────────────────── Accepting ── |
 *   | ◄──────────────────────────── Drain ── |
 *   | ── Draining ────────────────────────►  |
 *   |                                        |
 *   | ── OpenScoreboard ──────────────────►  |     scoreboard channel, one per
 *   | ◄──────────────── ScoreboardOpened ── |     worker; the master closes it
 *   | ◄══ descriptor of the scoreboard ════ |
 *   |                                        |
 *   | ── OpenHandover ────────────────────►  |     handover channel, one per
 *   | ◄────────────────── HandoverOpened ── |     worker and listener; no
 *   | ══ descriptor of the worker's end ══►  |     frame follows
 *   | ◄══ descriptor of the lent socket ════ |     (only if one is lent)
 *   | ◄══ descriptors of connections ══════ |
 *   |                                        |
 *   | ── OpenHandBack ────────────────────►  |     hand-back channel, one per
 *   | ◄────────────────── HandBackOpened ── |     worker and listener; no
 *   | ══ descriptors of connections ══════►  |     frame follows
 * </pre>
 */
public sealed interface Message {

	/**
	 * The version of everything that this package describes, and of the records that
	 * messages are made of: their components go by their order and type, and enum
	 * constants by their names. A master and a worker of different versions do not talk:
	 * one of them closes the channel.
	 */
	int PROTOCOL = 3;

	/**
	 * A message that a worker sends.
	 */
	sealed interface FromWorker extends Message {

	}

	/**
	 * A message that the master sends.
	 */
	sealed interface FromMaster extends Message {

	}

	/**
	 * An answer of the master to a request of the worker.
	 */
	sealed interface Answer extends FromMaster {

		/**
		 * Return the number that the worker gave its request.
		 * @return the request's number, or 0 if the master sends unasked
		 */
		long request();

	}

	/**
	 * Opens a control channel.
	 *
	 * @param protocol the worker's {@link #PROTOCOL}
	 * @param worker the worker's id
	 */
	record Hello(int protocol, int worker) implements FromWorker {

	}

	/**
	 * Accepts a control channel.
	 *
	 * @param protocol the master's {@link #PROTOCOL}
	 * @param drainTimeout from the worker's drain to its exit; past it it has to end
	 */
	record Welcome(int protocol, Duration drainTimeout) implements FromMaster {

	}

	/**
	 * Asks the master to listen. The first worker's wish opens the socket; the others
	 * share it.
	 *
	 * @param request the request's number
	 * @param listener the listener's name
	 * @param host the literal IP address, or {@code null} for the wildcard address
	 * @param port the port, 0 for one that the kernel chooses
	 */
	record Listen(long request, String listener, @Nullable String host, int port) implements FromWorker {

	}

	/**
	 * The master listens.
	 *
	 * @param request the request's number
	 * @param host the literal IP address that the socket is bound to
	 * @param port the port that the socket is bound to
	 * @param ipv6 whether the socket's protocol family is {@code AF_INET6}, and with it
	 * that of each connection accepted from it
	 * @param ordinal the listener's column on the {@link Scoreboard}
	 * @param lent whether the first descriptor of the handover channel is that of a
	 * listening socket, from which the worker accepts itself
	 */
	record Listening(long request, String host, int port, boolean ipv6, int ordinal, boolean lent) implements Answer {

	}

	/**
	 * Allows the worker to accept from the listening socket that it is lent, or forbids
	 * it. It may not accept before it is told.
	 *
	 * @param listener the listener's name
	 * @param allowed whether it may
	 */
	record Accepting(String listener, boolean allowed) implements FromMaster {

	}

	/**
	 * The master cannot listen.
	 *
	 * @param request the request's number
	 * @param message the kernel's words
	 */
	record ListenFailed(long request, String message) implements Answer {

	}

	/**
	 * The application cannot have more of itself without being another one.
	 *
	 * @param to how many of it there can be
	 * @param because why, a clause
	 */
	record Limited(int to, String because) implements FromWorker {

	}

	/**
	 * The application's readiness state has changed.
	 *
	 * @param accepting whether it accepts traffic
	 */
	record Readiness(boolean accepting) implements FromWorker {

	}

	/**
	 * The application cannot start, and the worker is about to end for that reason.
	 *
	 * @param reason the root cause in a line
	 */
	record StartFailed(String reason) implements FromWorker {

	}

	/**
	 * An event has occurred in the cluster.
	 *
	 * @param event the event
	 */
	record EventOccurred(ClusterEvent event) implements FromMaster {

	}

	/**
	 * Asks for the cluster's state.
	 *
	 * @param request the request's number
	 */
	record ViewQuery(long request) implements FromWorker {

	}

	/**
	 * The cluster's state.
	 *
	 * @param request the request's number, or 0 if the master sends it unasked
	 * @param view the state
	 */
	record View(long request, ClusterView view) implements Answer {

	}

	/**
	 * Asks for the events that the journal holds.
	 *
	 * @param request the request's number
	 * @param after only events with a higher sequence number
	 * @param ofType only events of this type, or {@code null} for all
	 */
	record EventsQuery(long request, long after, @Nullable ClusterEventType ofType) implements FromWorker {

	}

	/**
	 * Events that the journal holds.
	 *
	 * @param request the request's number
	 * @param events the events, oldest first
	 */
	record Events(long request, List<ClusterEvent> events) implements Answer {

	}

	/**
	 * An operator's wish. The answer is {@link Done} or {@link Refused}.
	 */
	sealed interface Command extends FromWorker {

		/**
		 * Return the request's number.
		 * @return the number
		 */
		long request();

	}

	/**
	 * Asks for a rolling restart.
	 *
	 * @param request the request's number
	 */
	record RestartCluster(long request) implements Command {

	}

	/**
	 * Asks for the replacement of one worker.
	 *
	 * @param request the request's number
	 * @param worker the worker's id
	 */
	record RestartWorker(long request, int worker) implements Command {

	}

	/**
	 * Asks for another number of workers.
	 *
	 * @param request the request's number
	 * @param workers the number
	 */
	record Resize(long request, int workers) implements Command {

	}

	/**
	 * What was asked for is done, or has begun.
	 *
	 * @param request the request's number
	 */
	record Done(long request) implements Answer {

	}

	/**
	 * What was asked for is not done.
	 *
	 * @param request the request's number
	 * @param message why
	 */
	record Refused(long request, String message) implements Answer {

	}

	/**
	 * Tells the worker to finish what it holds and to end.
	 *
	 * @param handBack whether others can go on with its idle connections, which is not so
	 * if the whole cluster ends
	 */
	record Drain(boolean handBack) implements FromMaster {

	}

	/**
	 * The worker finishes what it holds and ends: hand nothing over from now on. If a
	 * signal has told it to, it waits a moment for the master's {@link Drain} before it
	 * begins.
	 *
	 * @param terminated whether a signal has told the worker to end, and not the master
	 * or the application
	 */
	record Draining(boolean terminated) implements FromWorker {

	}

	/**
	 * Asks for the scoreboard.
	 *
	 * @param protocol the worker's {@link #PROTOCOL}
	 * @param worker the worker's id
	 */
	record OpenScoreboard(int protocol, int worker) implements FromWorker {

	}

	/**
	 * The next thing that the master sends is the descriptor of the scoreboard's file.
	 */
	record ScoreboardOpened() implements FromMaster {

	}

	/**
	 * Opens a handover channel.
	 *
	 * @param protocol the worker's {@link #PROTOCOL}
	 * @param worker the worker's id
	 * @param listener the listener's name
	 */
	record OpenHandover(int protocol, int worker, String listener) implements FromWorker {

	}

	/**
	 * Accepts a handover channel. The worker then sends its end of the channel.
	 */
	record HandoverOpened() implements FromMaster {

	}

	/**
	 * Opens a hand-back channel.
	 *
	 * @param protocol the worker's {@link #PROTOCOL}
	 * @param worker the worker's id
	 * @param listener the listener's name
	 */
	record OpenHandBack(int protocol, int worker, String listener) implements FromWorker {

	}

	/**
	 * Accepts a hand-back channel. The worker then sends connections for as long as it
	 * keeps the channel open.
	 */
	record HandBackOpened() implements FromMaster {

	}

}
