package io.github.clusterboot.worker;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The open handover channels of this worker, one for each listener. May be used from any
 * thread.
 */
final class HandoverChannels {

	private final Map<String, HandoverChannel> open = new ConcurrentHashMap<>();

	/**
	 * Add a channel.
	 * @param channel the channel
	 * @return {@code false} if there is already one for the same listener
	 */
	boolean add(HandoverChannel channel) {
		return this.open.putIfAbsent(channel.listener(), channel) == null;
	}

	void remove(HandoverChannel channel) {
		this.open.remove(channel.listener(), channel);
	}

	/**
	 * Set whether the master allows this worker to accept from the socket that it lends.
	 * @param listener the name of the socket's listener
	 * @param allowed whether it does
	 */
	void accepting(String listener, boolean allowed) {
		HandoverChannel channel = this.open.get(listener);
		LentSocket socket = (channel != null) ? channel.lent() : null;
		if (socket != null) {
			socket.allow(allowed);
		}
	}

	/**
	 * Stop listening on the sockets that the master has lent, since it is gone.
	 */
	void stopListening() {
		for (HandoverChannel channel : this.open.values()) {
			LentSocket socket = channel.lent();
			if (socket != null) {
				socket.stopListening();
			}
		}
	}

	/**
	 * Stop taking connections from the channels that are open now.
	 */
	void stopTaking() {
		this.open.values().forEach(HandoverChannel::stopTaking);
	}

}
