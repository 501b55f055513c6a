package io.github.clusterboot.master.socket;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A socket with {@code SO_REUSEPORT} for each index of a worker. The kernel chooses among
 * those whose worker accepts.
 * <p>
 * A socket is made when a worker first has the index and stays, since a socket that is
 * closed resets what is in its queue. Whatever arrives at one whose worker does not
 * accept is accepted by the master.
 */
final class ReusePortSockets implements ListeningSockets {

	private final String listener;

	private final int backlog;

	/**
	 * In the order in which they began to listen, which is the kernel's.
	 */
	private final List<ListeningSocket> group = new ArrayList<>();

	private final Map<Integer, ListeningSocket> byIndex = new HashMap<>();

	ReusePortSockets(String listener, InetSocketAddress address, int backlog) throws ListenException {
		this.listener = listener;
		this.backlog = backlog;
		this.group.add(ListeningSocket.openFirstOfGroup(listener, address, backlog));
	}

	@Override
	public ListeningSocket first() {
		return this.group.get(0);
	}

	@Override
	public SocketSharing sharing() {
		return SocketSharing.ALONE;
	}

	@Override
	public ListeningSocket sharedWith(int index) throws ListenException {
		ListeningSocket socket = this.byIndex.get(index);
		if (socket == null) {
			socket = this.byIndex.isEmpty() ? first() : openNext();
			this.byIndex.put(index, socket);
		}
		return socket;
	}

	private ListeningSocket openNext() throws ListenException {
		ListeningSocket socket = ListeningSocket.openNextOfGroup(this.listener, first().address(), this.backlog);
		this.group.add(socket);
		return socket;
	}

	@Override
	public void select(Set<ListeningSocket> accepting) throws IOException {
		List<Integer> positions = accepting.stream().map(this.group::indexOf).sorted().toList();
		ReusePortProgram.attach(first(), positions.isEmpty() ? List.of(0) : positions);
	}

}
