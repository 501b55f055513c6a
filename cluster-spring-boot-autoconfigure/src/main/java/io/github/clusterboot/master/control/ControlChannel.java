package io.github.clusterboot.master.control;

import java.io.IOException;

import io.github.clusterboot.ClusterEvent;
import io.github.clusterboot.ClusterView;
import io.github.clusterboot.WorkerIdentity;
import io.github.clusterboot.ipc.FrameCodec;
import io.github.clusterboot.ipc.Message;
import io.github.clusterboot.master.loop.MasterLog;
import io.github.clusterboot.master.supervise.EventJournal;
import io.github.clusterboot.master.supervise.WorkerLink;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import org.apache.commons.logging.Log;

/**
 * The master's end of a worker's control channel. Used on the event loop only.
 */
final class ControlChannel implements WorkerLink {

	private static final Log logger = MasterLog.of(ControlChannel.class);

	private final WorkerIdentity worker;

	private final Channel channel;

	private long lastEventSent;

	/**
	 * Create a channel.
	 * @param worker the worker at the other end
	 * @param channel the channel, which its pipeline closes
	 * @param lastEvent the last event that the worker is not to be sent
	 */
	ControlChannel(WorkerIdentity worker, Channel channel, long lastEvent) {
		this.worker = worker;
		this.channel = channel;
		this.lastEventSent = lastEvent;
	}

	@Override
	public void send(Message.FromMaster message) {
		try {
			this.channel.writeAndFlush(Unpooled.wrappedBuffer(FrameCodec.encode(message)));
		}
		catch (IOException ex) {
			logger.warn("Cannot tell " + this.worker + " of " + message.getClass().getSimpleName() + ": "
					+ ex.getMessage());
		}
	}

	/**
	 * Send the events that the worker has not been sent, as long as it reads them. A
	 * worker that is stopped gets the rest when it runs again.
	 * @param journal the journal
	 */
	void sendNewEvents(EventJournal journal) {
		if (this.lastEventSent == journal.newest()) {
			return;
		}
		for (ClusterEvent event : journal.after(this.lastEventSent, null)) {
			if (!this.channel.isWritable()) {
				return;
			}
			send(new Message.EventOccurred(event));
			this.lastEventSent = event.sequence();
		}
	}

	/**
	 * Send a view of the cluster, unless the worker has not read what it was sent before.
	 * @param view the view
	 */
	void sendView(ClusterView view) {
		if (this.channel.isWritable()) {
			send(new Message.View(0, view));
		}
	}

}
