package io.github.clusterboot.master.control;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;

import io.github.clusterboot.ClusterView;
import io.github.clusterboot.ExitReason;
import io.github.clusterboot.WorkerState;
import io.github.clusterboot.ipc.Message;
import io.github.clusterboot.ipc.ProtocolException;
import io.github.clusterboot.master.dispatch.Handover;
import io.github.clusterboot.master.dispatch.Listener;
import io.github.clusterboot.master.dispatch.Listeners;
import io.github.clusterboot.master.socket.ListenException;
import io.github.clusterboot.master.socket.ListeningSocket;
import io.github.clusterboot.master.socket.SocketSharing;
import io.github.clusterboot.master.supervise.Supervision;
import io.github.clusterboot.master.supervise.WorkerHandle;
import io.netty.util.NetUtil;
import org.jspecify.annotations.Nullable;

/**
 * What the master does when a worker sends a message. Used on the event loop only.
 */
public final class WorkerMessages {

	private static final String STOPPING = "The cluster stops";

	private final Supervision supervision;

	private final Listeners listeners;

	private final Broadcast broadcast;

	private final Duration drainTimeout;

	/**
	 * Create the reactions to messages.
	 * @param supervision is told what workers tell of themselves
	 * @param listeners what the master listens on
	 * @param broadcast tells the workers what happens
	 * @param drainTimeout how long a worker may drain
	 */
	public WorkerMessages(Supervision supervision, Listeners listeners, Broadcast broadcast, Duration drainTimeout) {
		this.supervision = supervision;
		this.listeners = listeners;
		this.broadcast = broadcast;
		this.drainTimeout = drainTimeout;
	}

	void online(WorkerHandle worker, ControlChannel control) {
		control.send(new Message.Welcome(Message.PROTOCOL, this.drainTimeout));
		this.broadcast.add(control);
		this.supervision.connected(worker, control);
	}

	void received(WorkerHandle worker, ControlChannel control, Message.FromWorker message) throws IOException {
		if (message instanceof Message.Listen listen) {
			listen(control, listen);
		}
		else if (message instanceof Message.Readiness readiness) {
			this.supervision.readinessChanged(worker, readiness.accepting());
		}
		else if (message instanceof Message.Limited limited) {
			this.supervision.limit(worker, new ClusterView.Limited(limited.to(), limited.because()));
		}
		else if (message instanceof Message.StartFailed failed) {
			worker.startFailsBecause(failed.reason());
		}
		else if (message instanceof Message.Draining draining) {
			this.supervision.drainsOnItsOwn(worker, draining.terminated());
		}
		else if (message instanceof Message.Command command) {
			control.send(obey(worker, command));
		}
		else if (message instanceof Message.ViewQuery query) {
			control.send(new Message.View(query.request(), this.supervision.view()));
		}
		else if (message instanceof Message.EventsQuery query) {
			control.send(new Message.Events(query.request(),
					this.supervision.journal().after(query.after(), query.ofType())));
		}
		else {
			throw new ProtocolException(message.getClass().getSimpleName() + " is not allowed here");
		}
	}

	private Message.Answer obey(WorkerHandle worker, Message.Command command) {
		String cause = "A request to " + worker;
		if (this.supervision.isShuttingDown()) {
			return new Message.Refused(command.request(), STOPPING);
		}
		if (command instanceof Message.RestartCluster) {
			this.supervision.restart(cause);
		}
		else if (command instanceof Message.Resize resize) {
			this.supervision.resize(resize.workers(), cause);
		}
		else if (command instanceof Message.RestartWorker restart) {
			WorkerHandle restarted = this.supervision.workers().withId(restart.worker());
			if (restarted == null) {
				return new Message.Refused(command.request(), "There is no worker " + restart.worker());
			}
			this.supervision.replace(restarted, ExitReason.RESTART);
		}
		return new Message.Done(command.request());
	}

	private void listen(ControlChannel control, Message.Listen listen) throws IOException {
		InetAddress host = (listen.host() != null) ? literal(listen.host()) : null;
		InetSocketAddress address = new InetSocketAddress(host, listen.port());
		if (this.supervision.isShuttingDown()) {
			control.send(new Message.ListenFailed(listen.request(), STOPPING));
			return;
		}
		try {
			Listener listener = this.listeners.listen(listen.listener(), address);
			ListeningSocket socket = listener.socket();
			control.send(new Message.Listening(listen.request(), socket.address().getAddress().getHostAddress(),
					socket.port(), socket.isIpv6(), listener.ordinal(), listener.sharing() != SocketSharing.NONE));
		}
		catch (ListenException ex) {
			// no worker will ever be ready: the master says so once, not each worker
			this.supervision.failIfNeverReady(ex);
			control.send(new Message.ListenFailed(listen.request(), String.valueOf(ex.getMessage())));
		}
	}

	/**
	 * A name would be looked up, which may take long.
	 */
	private static InetAddress literal(String address) throws IOException {
		if (!NetUtil.isValidIpV4Address(address) && !NetUtil.isValidIpV6Address(address)) {
			throw new ProtocolException("'" + address + "' is not an IP address");
		}
		return InetAddress.getByName(address);
	}

	/**
	 * Return whether a worker that hands connections back can do so: not while the
	 * cluster stops, since no other worker goes on with them.
	 * @return whether to take them
	 */
	boolean takesBack() {
		return !this.supervision.isShuttingDown();
	}

	@Nullable Listener listener(String name) {
		return this.listeners.get(name);
	}

	void opened(WorkerHandle worker, Handover handover) throws IOException {
		if (worker.state() == WorkerState.STOPPED) {
			// it died after it had sent its end of the channel
			handover.close();
			return;
		}
		Listener listener = handover.listener();
		try {
			listener.add(handover);
		}
		catch (IOException | RuntimeException | Error ex) {
			handover.close();
			throw ex;
		}
		this.supervision.listens(worker, listener.socket().port());
		this.listeners.resume();
	}

	void room() {
		this.listeners.resume();
	}

	void closed(Handover handover) {
		handover.listener().remove(handover);
		this.listeners.resume();
	}

	void broken(WorkerHandle worker) {
		this.supervision.broken(worker);
	}

	void writable(ControlChannel control) {
		control.sendNewEvents(this.supervision.journal());
	}

	void disconnected(WorkerHandle worker, ControlChannel control) {
		this.broadcast.remove(control);
		this.supervision.disconnected(worker, control);
	}

}
