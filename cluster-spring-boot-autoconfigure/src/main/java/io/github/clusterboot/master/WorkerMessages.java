package io.github.clusterboot.master;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.Supplier;

import io.github.clusterboot.ClusterEventType;
import io.github.clusterboot.ClusterView;
import io.github.clusterboot.ExitReason;
import io.github.clusterboot.WorkerState;
import io.github.clusterboot.ipc.Message;
import io.github.clusterboot.ipc.ProtocolException;
import io.netty.util.NetUtil;
import org.jspecify.annotations.Nullable;

/**
 * What the master does when a worker sends a message. Used on the event loop only.
 */
final class WorkerMessages {

	/**
	 * A worker whose control channel ends while its process lives drains on its own. The
	 * channel of one that dies ends shortly before its process.
	 */
	private static final Duration TIME_TO_DIE = Duration.ofSeconds(1);

	private static final String STOPPING = "The cluster stops";

	private final MasterSettings settings;

	private final MasterLoop loop;

	private final Listeners listeners;

	private final Workers workers;

	private final WorkerLife life;

	private final Supervisor supervisor;

	private final Drainer drainer;

	private final Stop stop;

	private final EventJournal journal;

	private final Supplier<ClusterView> view;

	WorkerMessages(MasterSettings settings, MasterLoop loop, Listeners listeners, Workers workers, WorkerLife life,
			Supervisor supervisor, Drainer drainer, Stop stop, EventJournal journal, Supplier<ClusterView> view) {
		this.settings = settings;
		this.loop = loop;
		this.listeners = listeners;
		this.workers = workers;
		this.life = life;
		this.supervisor = supervisor;
		this.drainer = drainer;
		this.stop = stop;
		this.journal = journal;
		this.view = view;
	}

	void online(WorkerHandle worker, ControlChannel control) {
		control.send(new Message.Welcome(Message.PROTOCOL, this.settings.drainTimeout()));
		this.journal.record(ClusterEventType.WORKER_ONLINE, worker.identity(), worker + " has connected");
	}

	void received(WorkerHandle worker, ControlChannel control, Message.FromWorker message) throws IOException {
		if (message instanceof Message.Listen listen) {
			listen(control, listen);
		}
		else if (message instanceof Message.Readiness readiness) {
			this.life.readinessChanged(worker, readiness.accepting());
		}
		else if (message instanceof Message.Limited limited) {
			this.supervisor.limit(worker, new ClusterView.Limited(limited.to(), limited.because()));
		}
		else if (message instanceof Message.StartFailed failed) {
			worker.startFailsBecause(failed.reason());
		}
		else if (message instanceof Message.Draining draining) {
			this.life.leaving(worker, draining.terminated());
		}
		else if (message instanceof Message.Command command) {
			control.send(obey(worker, command));
		}
		else if (message instanceof Message.ViewQuery query) {
			control.send(new Message.View(query.request(), this.view.get()));
		}
		else if (message instanceof Message.EventsQuery query) {
			control.send(new Message.Events(query.request(), this.journal.after(query.after(), query.ofType())));
		}
		else {
			throw new ProtocolException(message.getClass().getSimpleName() + " is not allowed here");
		}
	}

	private Message.Answer obey(WorkerHandle worker, Message.Command command) {
		String cause = "A request to " + worker;
		if (this.stop.isUnderWay()) {
			return new Message.Refused(command.request(), STOPPING);
		}
		if (command instanceof Message.RestartCluster) {
			this.supervisor.restart(cause);
		}
		else if (command instanceof Message.Resize resize) {
			this.supervisor.resize(resize.workers(), cause);
		}
		else if (command instanceof Message.RestartWorker restart) {
			WorkerHandle restarted = this.workers.withId(restart.worker());
			if (restarted == null) {
				return new Message.Refused(command.request(), "There is no worker " + restart.worker());
			}
			this.supervisor.replace(restarted, ExitReason.RESTART);
		}
		return new Message.Done(command.request());
	}

	private void listen(ControlChannel control, Message.Listen listen) throws IOException {
		InetAddress host = (listen.host() != null) ? literal(listen.host()) : null;
		InetSocketAddress address = new InetSocketAddress(host, listen.port());
		if (this.stop.isUnderWay()) {
			control.send(new Message.ListenFailed(listen.request(), STOPPING));
			return;
		}
		try {
			Listener listener = this.listeners.listen(listen.listener(), address);
			ListeningSocket socket = listener.socket();
			control.send(new Message.Listening(listen.request(), socket.address().getAddress().getHostAddress(),
					socket.port(), socket.isIpv6(), listener.ordinal(), listener.lending() != Lending.NONE));
		}
		catch (ListenException ex) {
			if (!this.life.hasEverBeenReady()) {
				// no worker will ever be ready: the master says so once, not each worker
				this.stop.fail(ex);
			}
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
		return !this.stop.isUnderWay();
	}

	@Nullable Listener listener(String name) {
		return this.listeners.get(name);
	}

	void opened(Handover handover) throws IOException {
		WorkerHandle worker = handover.worker();
		if (worker.state() == WorkerState.STOPPED) {
			// it died after it had sent its end of the channel
			handover.close();
			return;
		}
		try {
			handover.listener().add(handover);
		}
		catch (IOException ex) {
			handover.close();
			throw ex;
		}
		if (worker.listens()) {
			this.journal.record(ClusterEventType.WORKER_LISTENING, worker.identity(),
					worker + " listens on port " + handover.listener().socket().port());
		}
		this.listeners.resume();
	}

	void room() {
		this.listeners.resume();
	}

	void closed(Handover handover) {
		handover.listener().dispatcher().remove(handover);
		this.listeners.resume();
	}

	/**
	 * A worker's handover channel has failed. The worker does not notice: it would go on
	 * without connections, or never get any.
	 * @param worker the worker
	 */
	void broken(WorkerHandle worker) {
		if (!worker.hasBeenReady()) {
			// a failed start
			worker.process().kill();
		}
		else if (worker.isStaying()) {
			worker.process().terminate();
		}
	}

	void writable(ControlChannel control) {
		control.sendNewEvents(this.journal);
	}

	void disconnected(WorkerHandle worker) {
		this.loop.schedule("see to the end of " + worker, () -> {
			if (worker.state() != WorkerState.STOPPED) {
				this.drainer.begin(worker);
			}
		}, TIME_TO_DIE);
	}

}
