package io.github.clusterboot.master.socket;

import java.util.Set;

/**
 * One socket, from which either the master accepts or all workers.
 *
 * @param first the socket
 * @param sharing whether workers accept from it
 */
public record OneSocket(ListeningSocket first, SocketSharing sharing) implements ListeningSockets {

	@Override
	public ListeningSocket sharedWith(int index) {
		return this.first;
	}

	@Override
	public void select(Set<ListeningSocket> accepting) {
		// there is nothing to choose
	}

}
