package io.github.clusterboot.master.socket;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Set;

import io.github.clusterboot.Scheduling;

/**
 * The sockets of a listener, which all have the same address. Their owner is the
 * listener. Used on the event loop only.
 */
public interface ListeningSockets {

	/**
	 * Return the socket that there is from the beginning.
	 * @return the socket
	 */
	ListeningSocket first();

	/**
	 * Return whether workers accept themselves.
	 * @return how the sockets are shared
	 */
	SocketSharing sharing();

	/**
	 * Return the socket that a worker accepts from.
	 * @param index the worker's index
	 * @return the socket, which may have been made for it
	 * @throws ListenException if no further socket can be made
	 */
	ListeningSocket sharedWith(int index) throws ListenException;

	/**
	 * Have new connections arrive where they are accepted by a worker.
	 * @param accepting the sockets that workers accept from
	 * @throws IOException if the kernel does not take the choice
	 */
	void select(Set<ListeningSocket> accepting) throws IOException;

	/**
	 * Listen.
	 * @param scheduling how the workers come by their connections
	 * @param listener the name of the listener
	 * @param address the address to listen on
	 * @param backlog how many connections the kernel may queue
	 * @return the sockets
	 * @throws ListenException if that is not possible
	 */
	static ListeningSockets open(Scheduling scheduling, String listener, InetSocketAddress address, int backlog)
			throws ListenException {
		return switch (scheduling) {
			case SHARED -> new OneSocket(ListeningSocket.open(listener, address, backlog), SocketSharing.TOGETHER);
			case REUSE_PORT -> new ReusePortSockets(listener, address, backlog);
			default -> new OneSocket(ListeningSocket.open(listener, address, backlog), SocketSharing.NONE);
		};
	}

}
