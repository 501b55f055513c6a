package io.github.clusterboot.master.dispatch;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

import io.github.clusterboot.ClusterView;
import io.github.clusterboot.master.loop.MasterLog;
import io.github.clusterboot.master.loop.MasterLoop;
import io.github.clusterboot.master.loop.TimeSource;
import io.github.clusterboot.master.socket.ListeningSocket;
import io.github.clusterboot.master.socket.ListeningSockets;
import io.github.clusterboot.master.socket.SocketSharing;
import io.netty.channel.unix.FileDescriptor;
import org.apache.commons.logging.Log;

/**
 * What the master listens on under one name, and the path of the connections that it
 * accepts there: accept, schedule, hand over. If workers accept themselves, it accepts
 * what they do not. Used on the event loop only.
 */
public final class Listener {

	private static final Log logger = MasterLog.of(Listener.class);

	private final String name;

	private final int ordinal;

	private final InetSocketAddress requested;

	private final ListeningSockets sockets;

	private final MasterLoop loop;

	private final Dispatcher dispatcher;

	private final Runnable onNoRoom;

	private final Map<ListeningSocket, Acceptor> acceptors = new LinkedHashMap<>();

	private Set<ListeningSocket> lent = Set.of();

	private boolean refusalTold;

	/**
	 * Create a listener that does not accept yet.
	 * @param name the name
	 * @param ordinal the column on the scoreboard
	 * @param requested the address that was asked for
	 * @param sockets the sockets
	 * @param loop the event loop
	 * @param scheduler chooses the workers
	 * @param onNoRoom called when a connection has to wait because no worker has room
	 */
	Listener(String name, int ordinal, InetSocketAddress requested, ListeningSockets sockets, MasterLoop loop,
			Scheduler scheduler, Runnable onNoRoom) {
		this.name = name;
		this.ordinal = ordinal;
		this.requested = requested;
		this.sockets = sockets;
		this.loop = loop;
		this.dispatcher = new Dispatcher(scheduler);
		this.onNoRoom = onNoRoom;
		own(sockets.first());
	}

	private void own(ListeningSocket socket) {
		this.acceptors.computeIfAbsent(socket, (added) -> {
			Acceptor acceptor = new Acceptor(this.name, added, this.loop, this.dispatcher, this.onNoRoom);
			acceptor.open();
			return acceptor;
		});
	}

	public String name() {
		return this.name;
	}

	public int ordinal() {
		return this.ordinal;
	}

	InetSocketAddress requested() {
		return this.requested;
	}

	/**
	 * Return the socket that tells the address; others have the same.
	 * @return the socket
	 */
	public ListeningSocket socket() {
		return this.sockets.first();
	}

	/**
	 * Return what is listened on: the address that was asked for or, if the socket was
	 * passed, that of the socket.
	 * @return the address
	 */
	public InetAddress address() {
		return (socket().isPassed() ? socket().address() : this.requested).getAddress();
	}

	public SocketSharing sharing() {
		return this.sockets.sharing();
	}

	/**
	 * Return the time by which the connections are handed over.
	 * @return the event loop's
	 */
	public TimeSource time() {
		return this.loop;
	}

	/**
	 * Return whether a connection can be handed over now.
	 * @return whether some worker has room, and no other connection waits for it
	 */
	public boolean hasRoom() {
		return this.dispatcher.hasRoom();
	}

	/**
	 * Return whether there is a worker that listens here.
	 * @return whether connections are served, perhaps later
	 */
	boolean isServed() {
		return this.dispatcher.isServed();
	}

	/**
	 * Hand a connection over, or keep it until a worker has room.
	 * @param connection the connection, owned by the listener from now on
	 */
	public void dispatch(FileDescriptor connection) {
		this.dispatcher.dispatch(connection);
	}

	/**
	 * Take back what waits for a worker, but keep its handovers.
	 * @param worker the worker, to which nothing is scheduled from now on
	 */
	void takeBack(Receiver worker) {
		this.dispatcher.takeBack(worker);
	}

	/**
	 * Take back what waits for a worker, and forget it.
	 * @param worker the worker
	 */
	public void remove(Receiver worker) {
		this.dispatcher.remove(worker);
	}

	/**
	 * Take back what waits in a handover, and close it.
	 * @param handover the handover, which may have been removed before
	 */
	public void remove(Handover handover) {
		this.dispatcher.remove(handover);
	}

	/**
	 * Take back what waits for workers that do not take it, and look which of them run
	 * again.
	 * @return whether anything has changed
	 */
	boolean checkStalled() {
		return this.dispatcher.checkStalled();
	}

	/**
	 * Return how many accepted connections no worker has taken yet.
	 * @return the number
	 */
	long waiting() {
		return this.dispatcher.waiting();
	}

	/**
	 * Begin to serve a worker.
	 * @param handover the way to the worker
	 * @throws IOException if the worker cannot be lent its socket
	 */
	public void add(Handover handover) throws IOException {
		if (sharing() != SocketSharing.NONE) {
			ListeningSocket socket = this.sockets.sharedWith(handover.receiver().index());
			own(socket);
			handover.lend(socket);
		}
		this.dispatcher.add(handover);
	}

	/**
	 * Have the right process accept, and hand over what was taken back.
	 * @return {@code false} if connections have to wait because no worker has room
	 */
	public boolean resume() {
		updateLent();
		this.dispatcher.handOverWaiting();
		boolean room = this.dispatcher.hasRoom();
		this.acceptors.forEach((socket, acceptor) -> acceptor.accept(room && !this.lent.contains(socket)));
		return room;
	}

	/**
	 * A worker accepts only while it serves.
	 */
	private void updateLent() {
		if (sharing() != SocketSharing.NONE) {
			Set<ListeningSocket> accepting = new LinkedHashSet<>();
			for (Handover handover : this.dispatcher.all()) {
				ListeningSocket socket = handover.updateAccepting();
				if (socket != null) {
					accepting.add(socket);
				}
			}
			if (!accepting.equals(this.lent)) {
				this.lent = accepting;
				select(accepting);
			}
		}
	}

	private void select(Set<ListeningSocket> accepting) {
		try {
			this.sockets.select(accepting);
		}
		catch (IOException ex) {
			if (this.refusalTold) {
				return;
			}
			this.refusalTold = true;
			logger.warn("Connections on '" + this.name
					+ "' also arrive where no worker accepts, and are handed over by the master: "
					+ "the kernel takes no program that chooses (" + ex.getMessage() + ")");
		}
	}

	/**
	 * Have the kernel begin no new handshake, see {@link Acceptor#refuseNew}. Connections
	 * that have begun are still accepted.
	 */
	void refuseNew() {
		this.acceptors.values().forEach(Acceptor::refuseNew);
	}

	/**
	 * Accept as far as workers have room.
	 * @return whether nothing is left in the kernel's queue that a worker could serve
	 */
	boolean acceptRest() {
		boolean none = true;
		for (Acceptor acceptor : this.acceptors.values()) {
			none &= acceptor.acceptRest();
		}
		return none;
	}

	/**
	 * Close the sockets: from then on clients are refused, and what the kernel has queued
	 * is reset, unless another process holds them. May be called again.
	 */
	void stopListening() {
		this.acceptors.values().forEach(Acceptor::close);
	}

	/**
	 * Close the sockets and what belongs to them. May be called again.
	 */
	public void close() {
		stopListening();
		this.dispatcher.close();
	}

	public ClusterView.Listener view() {
		long accepted = this.acceptors.values().stream().mapToLong(Acceptor::accepted).sum()
				+ this.dispatcher.acceptedByWorkers();
		long waiting = this.dispatcher.waiting() + this.lent.stream().mapToLong(ListeningSocket::queued).sum();
		return new ClusterView.Listener(this.name, address().getHostAddress(), socket().port(), accepted, waiting);
	}

}
