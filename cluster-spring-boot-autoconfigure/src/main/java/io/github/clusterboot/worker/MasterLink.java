package io.github.clusterboot.worker;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;

import io.github.clusterboot.ClusterEvent;
import io.github.clusterboot.WorkerIdentity;
import io.github.clusterboot.ipc.Message;
import io.github.clusterboot.ipc.ProtocolException;
import io.github.clusterboot.ipc.RunDirectory;
import io.github.clusterboot.ipc.Scoreboard;
import io.github.clusterboot.ipc.ScoreboardSlot;
import io.github.clusterboot.os.NativeTransport;

/**
 * A worker's link to its master: the control channel, and what comes with it.
 * <p>
 * There is one for the whole life of the process. When the master is gone, or asks the
 * worker to drain, the process ends. All methods may be called from any thread, even one
 * that is interrupted.
 */
public final class MasterLink {

	private static final Duration TIME_TO_TELL = Duration.ofSeconds(1);

	private final RunDirectory directory;

	private final WorkerIdentity identity;

	private final ControlChannel control;

	private final Scoreboard scoreboard;

	private final ScoreboardSlot figures;

	private final EventQueue events = new EventQueue();

	private final HandoverChannels handovers = new HandoverChannels();

	private final MasterClient client;

	private final WorkerShutdown shutdown;

	private final ProcessHandle master = ProcessHandle.current().parent().orElseThrow();

	private MasterLink(RunDirectory directory, WorkerIdentity identity, ControlChannel control) throws IOException {
		this.directory = directory;
		this.identity = identity;
		this.control = control;
		this.scoreboard = ScoreboardChannel.receive(directory, identity);
		this.figures = this.scoreboard.slot(identity.index());
		this.client = new MasterClient(control::send);
		Duration drainTimeout = control.welcome().drainTimeout();
		this.shutdown = new WorkerShutdown(drainTimeout, this.handovers, this.figures, control::send,
				new ProcessExit(drainTimeout));
	}

	/**
	 * Connect to the master.
	 * @param directory the master's run directory
	 * @param identity which worker this process is
	 * @return the link
	 * @throws IOException if there is no master, or it does not accept this process as
	 * its worker
	 */
	static MasterLink connect(RunDirectory directory, WorkerIdentity identity) throws IOException {
		NativeTransport.load();
		ControlChannel control = ControlChannel.connect(directory, identity);
		try {
			MasterLink link = new MasterLink(directory, identity, control);
			control.read(link::received, link::ended);
			return link;
		}
		catch (IOException ex) {
			control.close();
			throw ex;
		}
	}

	private void received(Message message) throws ProtocolException {
		if (message instanceof Message.EventOccurred occurred) {
			this.events.add(occurred.event());
		}
		else if (message instanceof Message.Accepting accepting) {
			this.handovers.accepting(accepting.listener(), accepting.allowed());
		}
		else if (message instanceof Message.Drain asked) {
			this.shutdown.asked(asked.handBack());
		}
		else if (message instanceof Message.Answer answer) {
			this.client.answered(answer);
		}
		else {
			throw new ProtocolException("The master does not send " + message.getClass().getSimpleName());
		}
	}

	private void ended() {
		this.shutdown.linkEnded();
		this.master.onExit().thenRun(this.handovers::stopListening);
	}

	/**
	 * Return which worker this process is.
	 * @return the identity
	 */
	public WorkerIdentity identity() {
		return this.identity;
	}

	/**
	 * Return this worker's figures.
	 * @return the slot on the scoreboard
	 */
	ScoreboardSlot figures() {
		return this.figures;
	}

	/**
	 * Count a request that begins.
	 */
	public void requestBegun() {
		this.figures.requestBegun();
	}

	/**
	 * Count a request that has been completed, successfully or not.
	 */
	public void requestCompleted() {
		this.figures.requestCompleted();
	}

	/**
	 * Return the client that sends requests to the master.
	 * @return the client
	 */
	public MasterClient client() {
		return this.client;
	}

	/**
	 * Return the orderly shutdown of this worker.
	 * @return the shutdown
	 */
	WorkerShutdown shutdown() {
		return this.shutdown;
	}

	/**
	 * Return the next event from the master. Blocks until there is one. If events are not
	 * fetched, only the latest are kept.
	 * @return the event
	 * @throws InterruptedException if the thread is interrupted
	 */
	ClusterEvent nextEvent() throws InterruptedException {
		return this.events.take();
	}

	/**
	 * Ask the master to listen, and open the channel for the connections that it hands
	 * over. Blocks until the master listens.
	 * @param listener the listener's name
	 * @param address the address to listen on
	 * @return the channel, owned by the caller
	 * @throws BindException if the master cannot listen there, or this worker already
	 * listens under the same name
	 * @throws IOException if the master does not answer
	 */
	HandoverChannel listen(String listener, InetSocketAddress address) throws IOException {
		String host = address.getAddress().isAnyLocalAddress() ? null : address.getAddress().getHostAddress();
		try {
			return HandoverChannel.open(this.directory, this.identity, listener,
					this.client.listen(listener, host, address.getPort()), this.scoreboard, this.handovers);
		}
		catch (MasterUnavailableException ex) {
			throw new IOException(ex.getMessage(), ex);
		}
	}

	/**
	 * Open the channel for connections of a listener that are handed back. Blocks until
	 * the master has accepted it.
	 * @param listener the listener's name
	 * @return the channel, owned by the caller
	 * @throws IOException if the master does not accept it
	 */
	HandBackChannel openHandBack(String listener) throws IOException {
		return HandBackChannel.open(this.directory, this.identity, listener);
	}

	/**
	 * Add a server that takes part in the drain of this worker.
	 * @param server the server
	 */
	public void add(DrainableServer server) {
		this.shutdown.add(server);
	}

	/**
	 * Forget a server, since it has stopped.
	 * @param server the server
	 */
	public void remove(DrainableServer server) {
		this.shutdown.remove(server);
	}

	/**
	 * Tell the master how many instances of the application there can be. Has to be
	 * called before it accepts traffic.
	 * @param to the number
	 * @param because the reason, a clause
	 */
	void limited(int to, String because) {
		this.control.send(new Message.Limited(to, because));
	}

	/**
	 * Tell the master whether the application accepts traffic.
	 * @param accepting whether it does
	 */
	void readiness(boolean accepting) {
		this.control.send(new Message.Readiness(accepting));
	}

	/**
	 * Tell the master why the application cannot start. Waits until that is sent, for at
	 * most a second, since the process is about to end.
	 * @param reason the root cause in one line
	 */
	void startFailed(String reason) {
		this.control.send(new Message.StartFailed(reason));
		this.control.flush(TIME_TO_TELL);
	}

}
