package io.github.clusterboot.worker;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;

import io.github.clusterboot.ClusterEvent;
import io.github.clusterboot.ClusterEventType;
import io.github.clusterboot.ClusterView;
import io.github.clusterboot.WorkerIdentity;
import io.github.clusterboot.ipc.FrameCodec;
import io.github.clusterboot.ipc.Message;
import io.github.clusterboot.ipc.NativeTransport;
import io.github.clusterboot.ipc.ProtocolException;
import io.github.clusterboot.ipc.RunDirectory;
import io.github.clusterboot.ipc.Scoreboard;
import io.github.clusterboot.ipc.ScoreboardSlot;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * A worker's link to its master: the control channel, and what comes with it.
 * <p>
 * There is one for the whole life of the process. When the master is gone, or asks the
 * worker to drain, the process ends. All methods may be called from any thread, also one
 * that gets interrupted: the channel is used by two threads of its own, since an
 * interrupt would close it (see {@link java.nio.channels.InterruptibleChannel}).
 */
public final class MasterLink {

	private static final Log logger = LogFactory.getLog(MasterLink.class);

	private final RunDirectory directory;

	private final WorkerIdentity identity;

	private final SocketChannel channel;

	private final Scoreboard scoreboard;

	private final ScoreboardSlot figures;

	private final Executor writer = Executors.newSingleThreadExecutor(daemon("cluster-link-write"));

	private final MasterQueries queries = new MasterQueries(this::send);

	private final EventQueue events = new EventQueue();

	private final HandoverChannels handovers = new HandoverChannels();

	private final WorkerEnd end;

	private final ProcessHandle master = ProcessHandle.current().parent().orElseThrow();

	private MasterLink(RunDirectory directory, WorkerIdentity identity, SocketChannel channel, Duration drainTimeout)
			throws IOException {
		this.directory = directory;
		this.identity = identity;
		this.channel = channel;
		this.scoreboard = Scoreboard.open(directory.scoreboard());
		this.figures = this.scoreboard.slot(identity.index());
		this.end = new WorkerEnd(drainTimeout, this.handovers, this.figures, this::send, new WorkerExit(drainTimeout));
	}

	/**
	 * Connect to the master.
	 * @param directory the master's run directory
	 * @param identity which worker this process is
	 * @return the link
	 * @throws IOException if there is no master, or it does not take this process for its
	 * worker
	 */
	static MasterLink connect(RunDirectory directory, WorkerIdentity identity) throws IOException {
		NativeTransport.load();
		SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(directory.socket()));
		try {
			DataInputStream in = new DataInputStream(Channels.newInputStream(channel));
			write(channel, new Message.Hello(Message.PROTOCOL, identity.id()));
			if (!(FrameCodec.read(in) instanceof Message.Welcome welcome) || welcome.protocol() != Message.PROTOCOL) {
				throw new ProtocolException("The master speaks another version of the protocol");
			}
			MasterLink link = new MasterLink(directory, identity, channel, welcome.drainTimeout());
			daemon("cluster-link").newThread(() -> link.read(in)).start();
			return link;
		}
		catch (IOException ex) {
			channel.close();
			throw ex;
		}
	}

	private static void write(SocketChannel channel, Message message) throws IOException {
		ByteBuffer frame = ByteBuffer.wrap(FrameCodec.encode(message));
		while (frame.hasRemaining()) {
			channel.write(frame);
		}
	}

	private static ThreadFactory daemon(String name) {
		return (task) -> {
			Thread thread = new Thread(task, name);
			thread.setDaemon(true);
			return thread;
		};
	}

	private void read(DataInputStream in) {
		try {
			while (true) {
				received(FrameCodec.read(in));
			}
		}
		catch (IOException | RuntimeException | Error ex) {
			// whatever it is: without this thread nobody would notice the master's end
			logger.debug("The link to the master has ended", ex);
			this.end.linkEnded();
			this.master.onExit().thenRun(this.handovers::stopListening);
		}
	}

	private void received(Message message) throws ProtocolException {
		if (message instanceof Message.Happened happened) {
			this.events.add(happened.event());
		}
		else if (message instanceof Message.Accepting accepting) {
			this.handovers.accepting(accepting.listener(), accepting.allowed());
		}
		else if (message instanceof Message.Drain asked) {
			this.end.asked(asked.handBack());
		}
		else if (message instanceof Message.Answer answer) {
			this.queries.answered(answer);
		}
		else {
			throw new ProtocolException("The master does not send " + message.getClass().getSimpleName());
		}
	}

	/**
	 * Drain, and end the process, since a signal has told it to. Blocks until the master
	 * has said how, for a second at the most.
	 */
	void terminated() {
		this.end.terminated();
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
	 * Count a request that has been completed, well or not.
	 */
	public void requestCompleted() {
		this.figures.requestCompleted();
	}

	/**
	 * Return the last view of the cluster that the master has sent.
	 * @return the view, or {@code null} before the first
	 */
	public @Nullable ClusterView lastView() {
		return this.queries.lastView();
	}

	/**
	 * Ask the master for the state of the cluster. Blocks for two seconds at the most.
	 * @return the state
	 * @throws MasterUnavailableException if the master does not answer in time
	 */
	public ClusterView queryView() throws MasterUnavailableException {
		return this.queries.view();
	}

	/**
	 * Ask the master for the events that its journal holds. Blocks for two seconds at the
	 * most.
	 * @param after only events with a higher sequence number
	 * @param type only events of this type, or {@code null} for all
	 * @return the events, oldest first
	 * @throws MasterUnavailableException if the master does not answer in time
	 */
	public List<ClusterEvent> queryEvents(long after, @Nullable ClusterEventType type)
			throws MasterUnavailableException {
		return this.queries.events(after, type);
	}

	/**
	 * Ask the master for a rolling restart. Blocks for two seconds at the most.
	 * @throws MasterUnavailableException if the master does not answer in time, or
	 * refuses
	 */
	public void restartCluster() throws MasterUnavailableException {
		this.queries.command(Message.RestartCluster::new);
	}

	/**
	 * Ask the master for the replacement of one worker. Blocks for two seconds at the
	 * most.
	 * @param worker the worker's id
	 * @throws MasterUnavailableException if the master does not answer in time, or
	 * refuses
	 */
	public void restartWorker(int worker) throws MasterUnavailableException {
		this.queries.command((number) -> new Message.RestartWorker(number, worker));
	}

	/**
	 * Ask the master for another number of workers. Blocks for two seconds at the most.
	 * @param workers the number
	 * @throws MasterUnavailableException if the master does not answer in time, or
	 * refuses
	 */
	public void resize(int workers) throws MasterUnavailableException {
		this.queries.command((number) -> new Message.Resize(number, workers));
	}

	/**
	 * Claim to be the application whose life is this worker's. The first in the JVM is.
	 * @return whether the caller is that application
	 */
	boolean claim() {
		return this.end.claim();
	}

	/**
	 * Give the claim up, since the application has ended and another may follow.
	 */
	void giveUpClaim() {
		this.end.giveUpClaim();
	}

	/**
	 * Return the next event that the master has told of. Blocks until there is one. Of
	 * events that nobody fetches only the latest are kept.
	 * @return the event
	 * @throws InterruptedException if the thread is interrupted
	 */
	ClusterEvent nextEvent() throws InterruptedException {
		return this.events.take();
	}

	/**
	 * Ask the master to listen, and open the channel over which it hands connections
	 * over. Blocks until the master listens.
	 * @param listener the listener's name
	 * @param address the address to listen on
	 * @return the channel, owned by the caller
	 * @throws BindException if the master cannot listen there
	 * @throws IOException if the master does not answer
	 */
	HandoverChannel listen(String listener, InetSocketAddress address) throws IOException {
		String host = address.getAddress().isAnyLocalAddress() ? null : address.getAddress().getHostAddress();
		try {
			return HandoverChannel.open(this.directory, this.identity, listener,
					this.queries.listen(listener, host, address.getPort()), this.scoreboard, this.handovers);
		}
		catch (MasterUnavailableException ex) {
			throw new IOException(ex.getMessage(), ex);
		}
	}

	/**
	 * Open the channel over which connections of a listener are handed back. Blocks until
	 * the master has accepted it.
	 * @param listener the listener's name
	 * @return the channel, owned by the caller
	 * @throws IOException if the master does not accept it
	 */
	HandBackChannel openHandBack(String listener) throws IOException {
		return HandBackChannel.open(this.directory, this.identity, listener);
	}

	/**
	 * Let a server take part in the drain of this worker.
	 * @param server the server
	 */
	public void add(DrainableServer server) {
		this.end.add(server);
	}

	/**
	 * Forget a server, since it has stopped.
	 * @param server the server
	 */
	public void remove(DrainableServer server) {
		this.end.remove(server);
	}

	/**
	 * Tell the master whether the application accepts traffic.
	 * @param accepting whether it does
	 */
	void readiness(boolean accepting) {
		send(new Message.Readiness(accepting));
	}

	/**
	 * Take no connection any more, tell the master that this worker will end, and wait
	 * until the connections that it has taken are closed or handed back.
	 * @return how long the application may take to close, if there are connections that
	 * it closes, otherwise zero
	 */
	Duration drain() {
		return this.end.drain();
	}

	private void send(Message.FromWorker message) {
		this.writer.execute(() -> {
			try {
				write(this.channel, message);
			}
			catch (IOException ex) {
				// the reading thread notices too, and ends the process
				logger.debug("Cannot write to the master", ex);
			}
		});
	}

}
