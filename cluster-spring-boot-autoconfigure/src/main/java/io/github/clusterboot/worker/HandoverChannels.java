package io.github.clusterboot.worker;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The open handover channels of this worker. May be used from any thread.
 */
final class HandoverChannels {

	private final Set<HandoverChannel> open = ConcurrentHashMap.newKeySet();

	void add(HandoverChannel channel) {
		this.open.add(channel);
	}

	void remove(HandoverChannel channel) {
		this.open.remove(channel);
	}

	/**
	 * Say whether the master lets this worker accept from the socket that it lends.
	 * @param listener the name of the listener that the socket is of
	 * @param allowed whether it does
	 */
	void accepting(String listener, boolean allowed) {
		for (HandoverChannel channel : this.open) {
			LentSocket socket = channel.lent();
			if (socket != null && channel.listener().equals(listener)) {
				socket.allow(allowed);
			}
		}
	}

	/**
	 * Let nobody listen on the sockets that the master has lent, since it is gone.
	 */
	void stopListening() {
		for (HandoverChannel channel : this.open) {
			LentSocket socket = channel.lent();
			if (socket != null) {
				socket.stopListening();
			}
		}
	}

	/**
	 * Take nothing from the channels that are open now.
	 */
	void stopTaking() {
		this.open.forEach(HandoverChannel::stopTaking);
	}

}
