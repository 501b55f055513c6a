package io.github.clusterboot.master.dispatch;

import java.io.IOException;
import java.time.Duration;

import io.github.clusterboot.master.loop.MasterLog;
import io.github.clusterboot.master.loop.MasterLoop;
import io.github.clusterboot.master.loop.Steps;
import io.github.clusterboot.master.socket.ListeningSocket;
import io.github.clusterboot.master.socket.SynFilter;
import io.github.clusterboot.os.Errno;
import io.github.clusterboot.os.NativeTransport;
import io.netty.channel.IoRegistration;
import io.netty.channel.unix.Errors.NativeIoException;
import io.netty.channel.unix.FileDescriptor;
import org.apache.commons.logging.Log;
import org.jspecify.annotations.Nullable;

/**
 * Accepts the connections of a listening socket and gives them to the dispatcher.
 * <p>
 * Accepts only while some worker has room; what comes meanwhile waits in the kernel's
 * queue. Owns the socket for as long as the master lives. Used on the event loop only.
 */
final class Acceptor implements NativeTransport.Reader {

	private static final Log logger = MasterLog.of(Acceptor.class);

	/**
	 * How many connections are accepted before other events get their turn.
	 */
	private static final int ACCEPTS_PER_EVENT = 64;

	/**
	 * How long to leave a socket alone that cannot accept because descriptors are short.
	 */
	private static final Duration SHORTAGE_PAUSE = Duration.ofMillis(100);

	/**
	 * A failure may be the fault of one connection, see {@code accept(2)}, but hardly
	 * that of so many in a row.
	 */
	private static final int FAILURES_TO_PAUSE = 16;

	/**
	 * How long to wait after an unexpected failure.
	 */
	private static final Duration TIME_TO_TRY_AGAIN = Duration.ofSeconds(1);

	private final NativeTransport transport = NativeTransport.current();

	private final String listener;

	private final ListeningSocket socket;

	private final MasterLoop loop;

	private final Dispatcher dispatcher;

	private final Runnable onNoRoom;

	private @Nullable IoRegistration registration;

	private boolean wanted;

	private boolean accepting;

	private boolean pausing;

	private boolean shortageReported;

	private int failures;

	/**
	 * Whether clients can still begin connections although the cluster stops, so that the
	 * socket is to be closed as soon as its queue is empty.
	 */
	private boolean closeWhenEmpty;

	private long accepted;

	/**
	 * Create an acceptor that does not accept yet.
	 * @param listener the listener's name
	 * @param socket the socket, owned by the acceptor from now on
	 * @param loop the event loop
	 * @param dispatcher gets the connections
	 * @param onNoRoom called when a connection has to wait because no worker has room
	 */
	Acceptor(String listener, ListeningSocket socket, MasterLoop loop, Dispatcher dispatcher, Runnable onNoRoom) {
		this.listener = listener;
		this.socket = socket;
		this.loop = loop;
		this.dispatcher = dispatcher;
		this.onNoRoom = onNoRoom;
	}

	/**
	 * Register with the event loop.
	 */
	void open() {
		this.loop.io().register(this.transport.watch(this.socket, this)).addListener((future) -> {
			if (future.isSuccess()) {
				this.registration = (IoRegistration) future.getNow();
				updateInterest();
			}
			else if (this.socket.isOpen()) {
				logger.error("Cannot watch the socket of '" + this.listener + "' for now, connections wait: "
						+ future.cause());
				this.loop.schedule("watch the socket of '" + this.listener + "'", this::open, TIME_TO_TRY_AGAIN);
			}
		});
	}

	long accepted() {
		return this.accepted;
	}

	/**
	 * Begin or cease to accept.
	 * @param wanted whether to accept from now on
	 */
	void accept(boolean wanted) {
		this.wanted = wanted;
		updateInterest();
	}

	private void updateInterest() {
		boolean accept = this.wanted && !this.pausing;
		if (accept != this.accepting && this.registration != null && this.registration.isValid()) {
			// the next call tries again if the kernel refuses
			if (Steps.take((accept ? "accept" : "pause accepting") + " connections on '" + this.listener + "'",
					() -> this.registration.submit(this.transport.readInterest(accept)))) {
				this.accepting = accept;
			}
		}
	}

	/**
	 * An error that this lets through would end the event loop, see
	 * {@code EpollIoHandler.run}.
	 */
	@Override
	public void readable() {
		if (!Steps.take("accept connections on '" + this.listener + "'", this::acceptWhatIsThere)) {
			pause(TIME_TO_TRY_AGAIN);
		}
	}

	private void acceptWhatIsThere() {
		for (int i = 0; i < ACCEPTS_PER_EVENT && this.accepting; i++) {
			if (!this.dispatcher.hasRoom()) {
				this.onNoRoom.run();
				return;
			}
			if (!acceptNext()) {
				return;
			}
		}
	}

	/**
	 * Accept the next connection, if there is one.
	 * @return whether another may follow
	 */
	private boolean acceptNext() {
		try {
			FileDescriptor connection = this.socket.acceptConnection();
			if (connection == null) {
				return false;
			}
			this.accepted++;
			this.shortageReported = false;
			this.failures = 0;
			this.dispatcher.dispatch(connection);
			return true;
		}
		catch (NativeIoException ex) {
			if (Errno.isShortage(ex) || ++this.failures >= FAILURES_TO_PAUSE) {
				pauseForShortage(ex);
				return false;
			}
			// a fault of that connection alone, see accept(2)
			logger.debug("Cannot accept a connection on '" + this.listener + "'", ex);
			return true;
		}
		catch (IOException ex) {
			logger.warn("Cannot accept a connection on '" + this.listener + "': " + ex.getMessage());
			return false;
		}
	}

	private void pauseForShortage(NativeIoException ex) {
		if (!this.shortageReported) {
			logger.warn("Cannot accept connections on '" + this.listener + "' for now, they wait: " + ex.getMessage());
			this.shortageReported = true;
		}
		pause(SHORTAGE_PAUSE);
	}

	private void pause(Duration duration) {
		this.pausing = true;
		updateInterest();
		this.loop.schedule("accept connections on '" + this.listener + "' again", () -> {
			this.pausing = false;
			updateInterest();
		}, duration);
	}

	/**
	 * Have the kernel begin no new handshake, if it can. Connections that have begun are
	 * still accepted. If it cannot, the socket is closed as soon as its queue is empty: a
	 * connection that begins in the moments before is reset. A socket that was passed is
	 * left, with its queue, to the next process that gets it.
	 */
	void refuseNew() {
		if (this.socket.isPassed()) {
			close();
			return;
		}
		try {
			if (this.transport.hasPacketFilters()) {
				SynFilter.attach(this.socket);
				return;
			}
		}
		catch (IOException | RuntimeException | LinkageError ex) {
			logger.warn("Connections opened while '" + this.listener
					+ "' is being closed may be reset: the SYN filter could not be attached ("
					+ ((ex instanceof IOException) ? ex.getMessage() : ex) + ")");
		}
		this.closeWhenEmpty = true;
		Steps.take("shorten the queue of '" + this.listener + "'", this.socket::shortenQueue);
	}

	/**
	 * Accept as far as workers have room.
	 * @return whether nothing is left in the kernel's queue that a worker could serve
	 */
	boolean acceptRest() {
		for (int i = 0; i < ACCEPTS_PER_EVENT; i++) {
			if (!this.socket.isOpen() || !this.dispatcher.isServed()) {
				return true;
			}
			if (!this.dispatcher.hasRoom()) {
				return false;
			}
			if (!acceptNext()) {
				if (this.closeWhenEmpty && !this.pausing) {
					stopListening();
					close();
				}
				return !this.pausing;
			}
		}
		return false;
	}

	/**
	 * With no detour: whatever arrives after the look that found nothing is reset.
	 */
	private void stopListening() {
		try {
			this.socket.stopListening();
		}
		catch (IOException | RuntimeException ex) {
			logger.warn("Cannot stop listening on '" + this.listener + "': " + ex.getMessage());
		}
	}

	/**
	 * Close the socket, also for workers that it is lent to: from then on clients are
	 * refused, and what the kernel has queued is reset. Not so if the socket was passed:
	 * others have it as well. May be called again.
	 */
	@Override
	public void close() {
		if (!this.socket.isOpen()) {
			return;
		}
		this.accepting = false;
		if (!this.socket.isPassed()) {
			stopListening();
		}
		if (this.registration != null) {
			Steps.take("forget the socket of '" + this.listener + "'", this.registration::cancel);
		}
		Steps.take("close the socket of '" + this.listener + "'", this.socket::close);
	}

}
