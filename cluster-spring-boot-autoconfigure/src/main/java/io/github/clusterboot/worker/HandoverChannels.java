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
	 * Take nothing from the channels that are open now.
	 */
	void stopTaking() {
		this.open.forEach(HandoverChannel::stopTaking);
	}

}
