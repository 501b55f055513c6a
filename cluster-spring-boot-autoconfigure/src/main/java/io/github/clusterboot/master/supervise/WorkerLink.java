package io.github.clusterboot.master.supervise;

import io.github.clusterboot.ipc.Message;

/**
 * What a worker is told over: its control channel. Used on the event loop only.
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
