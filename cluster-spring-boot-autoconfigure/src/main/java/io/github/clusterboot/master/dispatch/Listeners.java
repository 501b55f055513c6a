package io.github.clusterboot.master.dispatch;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import io.github.clusterboot.ClusterView;
import io.github.clusterboot.Scheduling;
import io.github.clusterboot.ipc.Scoreboard;
import io.github.clusterboot.master.loop.MasterLog;
import io.github.clusterboot.master.loop.MasterLoop;
import io.github.clusterboot.master.loop.Steps;
import io.github.clusterboot.master.socket.ListenException;
import io.github.clusterboot.master.socket.ListeningSocket;
import io.github.clusterboot.master.socket.ListeningSockets;
import io.github.clusterboot.master.socket.OneSocket;
import io.github.clusterboot.master.socket.PassedSockets;
import io.github.clusterboot.master.socket.SocketSharing;
import org.apache.commons.logging.Log;
import org.jspecify.annotations.Nullable;

/**
 * The listeners of the master, by name. Used on the event loop only.
 */
public final class Listeners {

	private static final Log logger = MasterLog.of(Listeners.class);

	private final Scheduling scheduling;

	private final int backlog;

	private final MasterLoop loop;

	private final Scoreboard scoreboard;

	private final PassedSockets passedSockets;

	private final ListenObserver observer;

	private final Map<String, Listener> listeners = new LinkedHashMap<>();

	/**
	 * Create the listeners. None is open yet.
	 * @param scheduling how the workers come by their connections
	 * @param backlog the backlog of the listening sockets
	 * @param loop the event loop
	 * @param scoreboard the workers' figures
	 * @param passedSockets the sockets that the master was started with
	 * @param observer is told what the master listens on
	 */
	public Listeners(Scheduling scheduling, int backlog, MasterLoop loop, Scoreboard scoreboard,
			PassedSockets passedSockets, ListenObserver observer) {
		this.scheduling = scheduling;
		this.backlog = backlog;
		this.observer = observer;
		this.loop = loop;
		this.scoreboard = scoreboard;
		this.passedSockets = passedSockets;
		if (passedSockets.problem() != null) {
			logger.warn(passedSockets.problem());
		}
	}

	/**
	 * Listen, or share the socket that the first worker's wish has opened. A socket that
	 * was passed is used as it is, whatever address the worker's server asks for.
	 * @param name the listener's name
	 * @param address the address that the worker's server asks for
	 * @return the listener
	 * @throws ListenException if the address cannot be listened on
	 */
	public Listener listen(String name, InetSocketAddress address) throws ListenException {
		Listener listener = this.listeners.get(name);
		if (listener == null) {
			listener = open(name, address);
		}
		else if (!listener.socket().isPassed() && !listener.requested().equals(address)) {
			throw new ListenException(name, address, ListenException.Reason.OTHER, new IOException(
					"The listener '" + name + "' is bound to " + listener.requested() + " in this cluster"));
		}
		return listener;
	}

	private Listener open(String name, InetSocketAddress address) throws ListenException {
		if (this.listeners.size() == Scoreboard.MAX_LISTENERS) {
			throw new ListenException(name, address, ListenException.Reason.OTHER,
					new IOException("A cluster can have " + Scoreboard.MAX_LISTENERS + " listeners at the most"));
		}
		Listener listener = new Listener(name, this.listeners.size(), address, sockets(name, address), this.loop,
				Scheduler.of(this.scheduling), this::resume);
		this.listeners.put(name, listener);
		logger.info("Listening on port " + listener.socket().port() + " ('" + name + "', "
				+ listener.address().getHostAddress() + (listener.socket().isPassed() ? ", passed socket" : "") + ")");
		Steps.take("tell that '" + name + "' is listened on",
				() -> this.observer.listening(name, listener.socket().port()));
		return listener;
	}

	private ListeningSockets sockets(String name, InetSocketAddress address) throws ListenException {
		ListeningSocket passed = this.passedSockets.take(name, address);
		if (passed == null) {
			return ListeningSockets.open(this.scheduling, name, address, this.backlog);
		}
		if (this.scheduling == Scheduling.SHARED || this.scheduling == Scheduling.REUSE_PORT) {
			logger.warn("The connections of '" + name + "' are handed over in turn: a passed socket is not lent, "
					+ "and 'cluster.scheduling' does not apply to it");
		}
		return new OneSocket(passed, SocketSharing.NONE);
	}

	/**
	 * Tell the operator, once, of what no listener uses. Called when a worker has opened
	 * all its listeners.
	 */
	public void reportUnserved() {
		for (String socket : this.passedSockets.unused()) {
			logger.warn("No listener uses the passed socket " + socket + ": connections to it are not served");
		}
	}

	public @Nullable Listener get(String name) {
		return this.listeners.get(name);
	}

	/**
	 * Hand over and accept as far as there is room. If connections have to wait, the
	 * workers are asked to tell when they take one; some may have been taken between the
	 * look that found no room and that request, so there is a second look after it.
	 */
	public void resume() {
		boolean waiting = resumeAll();
		if (waiting) {
			this.scoreboard.wantRoom(true);
			waiting = resumeAll();
		}
		if (!waiting) {
			this.scoreboard.wantRoom(false);
		}
	}

	private boolean resumeAll() {
		boolean waiting = false;
		for (Listener listener : this.listeners.values()) {
			AtomicBoolean room = new AtomicBoolean();
			Steps.take("hand over what waits at '" + listener.name() + "'", () -> room.set(listener.resume()));
			// without a worker that listens there is none to tell of room
			waiting |= !room.get() && listener.isServed();
		}
		return waiting;
	}

	/**
	 * Take back what waits for a worker, but keep its handovers.
	 * @param worker the worker, to which nothing is scheduled from now on
	 */
	public void takeBack(Receiver worker) {
		forEach("take back what waits for " + worker + " at", (listener) -> listener.takeBack(worker));
		resume();
	}

	/**
	 * Take back what waits for a worker, and forget it.
	 * @param worker the worker
	 */
	public void remove(Receiver worker) {
		forEach("forget " + worker + " at", (listener) -> listener.remove(worker));
		resume();
	}

	/**
	 * Take back what waits for workers that do not take it.
	 */
	public void checkStalled() {
		AtomicBoolean changed = new AtomicBoolean();
		forEach("look for workers that stall at", (listener) -> {
			if (listener.checkStalled()) {
				changed.set(true);
			}
		});
		if (changed.get()) {
			resume();
		}
	}

	/**
	 * Have the kernel begin no new handshake, as far as this process may decide that.
	 * Those that have are still accepted. See {@link Acceptor#refuseNew}.
	 */
	public void refuseNew() {
		forEach("refuse new connections on", Listener::refuseNew);
	}

	/**
	 * Accept as far as workers have room.
	 * @return whether everything that clients have begun has been accepted and taken
	 */
	public boolean acceptRest() {
		boolean none = true;
		for (Listener listener : this.listeners.values()) {
			none &= listener.acceptRest();
		}
		return none && waiting() == 0;
	}

	/**
	 * Close the listening sockets: from then on clients are refused, unless another
	 * process holds them.
	 */
	public void stopListening() {
		forEach("stop listening on", Listener::stopListening);
	}

	public void close() {
		forEach("close", Listener::close);
	}

	private void forEach(String what, Consumer<Listener> action) {
		this.listeners.values()
			.forEach((listener) -> Steps.take(what + " '" + listener.name() + "'", () -> action.accept(listener)));
	}

	/**
	 * Return how many connections no worker has taken yet.
	 * @return the number
	 */
	long waiting() {
		return this.listeners.values().stream().mapToLong((listener) -> listener.waiting()).sum();
	}

	public List<ClusterView.Listener> views() {
		return this.listeners.values().stream().map(Listener::view).toList();
	}

}
