package io.github.clusterboot.master.dispatch;

import java.time.Duration;

import io.github.clusterboot.ipc.Message;
import io.github.clusterboot.ipc.ScoreboardSlot;

/**
 * A worker as a receiver of connections. Its text names it in the log. Used on the event
 * loop only.
 */
public interface Receiver {

	/**
	 * Return the worker's index, which a replacement takes over.
	 * @return the index
	 */
	int index();

	/**
	 * Return whether the worker serves connections now.
	 * @return whether it is ready
	 */
	boolean isReady();

	/**
	 * Return how long ago the worker was ready for the first time.
	 * @return the time, or 0 if it has never been ready
	 */
	Duration sinceReady();

	/**
	 * Return what the worker publishes.
	 * @return the worker's figures
	 */
	ScoreboardSlot slot();

	/**
	 * Send a message over the worker's control channel.
	 * @param message the message
	 * @return whether there is such a channel
	 */
	boolean send(Message.FromMaster message);

}
