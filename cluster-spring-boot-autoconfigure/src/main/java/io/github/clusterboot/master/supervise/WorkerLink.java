package io.github.clusterboot.master.supervise;

import io.github.clusterboot.ipc.Message;

/**
 * A worker's control channel, as the supervision uses it. Used on the event loop only.
 */
@FunctionalInterface
public interface WorkerLink {

	/**
	 * Send a message. Returns at once; a message that cannot be sent is lost, since then
	 * the channel ends, too.
	 * @param message the message
	 */
	void send(Message.FromMaster message);

}
