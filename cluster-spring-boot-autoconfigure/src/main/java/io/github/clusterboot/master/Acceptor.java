package io.github.clusterboot.master;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.github.clusterboot.ipc.Errno;
import io.github.clusterboot.ipc.NativeTransport;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.unix.Errors.NativeIoException;
import io.netty.channel.unix.FileDescriptor;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Accepts the connections of a listening socket and gives them to the dispatcher.
 * <p>
 * Accepts only while some worker has room; what comes meanwhile waits in the kernel's
 * queue. Owns the socket for as long as the master lives. Used on the event loop only.
 */
final class Acceptor implements NativeTransport.Reader {

	private static final Log logger = LogFactory.getLog(Acceptor.class);

	/**
	 * How many connections are accepted before other events get their turn.
	 */
	private static final int ACCEPTS_PER_EVENT = 64;

	/**
	 * How long to leave a socket alone that cannot accept because descriptors are short.
	 */
	private static final Duration SHORTAGE_PAUSE = Duration.ofMillis(100);

	private final NativeTransport transport = NativeTransport.current();

	private final String listener;

	private final ListeningSocket socket;

	private final IoEventLoop loop;

	private final Dispatcher dispatcher;

	private final Runnable onNoRoom;

	private @Nullable IoRegistration registration;

	private boolean wanted;

	private boolean accepting;

	private boolean shortOfDescriptors;

	private boolean shortageReported;

	private long accepted;

	/**
	 * Create an acceptor that does not accept yet.
	 * @param listener the listener's name
	 * @param socket the socket, owned by the acceptor from now on
	 * @param loop the event loop
	 * @param dispatcher gets the connections
	 * @param onNoRoom called when a connection has to wait because no worker has room
	 */
	Acceptor(String listener, ListeningSocket socket, IoEventLoop loop, Dispatcher dispatcher, Runnable onNoRoom) {
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
		this.loop.register(this.transport.watch(this.socket, this)).addListener((future) -> {
			this.registration = (IoRegistration) future.get();
			updateInterest();
		});
	}

	ListeningSocket socket() {
		return this.socket;
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
		boolean accept = this.wanted && !this.shortOfDescriptors;
		if (accept != this.accepting && this.registration != null && this.registration.isValid()) {
			this.registration.submit(this.transport.readInterest(accept));
			this.accepting = accept;
		}
	}

	@Override
	public void readable() {
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
			this.dispatcher.dispatch(connection);
			return true;
		}
		catch (NativeIoException ex) {
			if (Errno.isShortage(ex)) {
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
		this.shortOfDescriptors = true;
		updateInterest();
		this.loop.schedule(() -> {
			this.shortOfDescriptors = false;
			updateInterest();
		}, SHORTAGE_PAUSE.toMillis(), TimeUnit.MILLISECONDS);
	}

	/**
	 * Let clients begin no new connection, where the kernel can do that. Those that have
	 * are still accepted. A socket that was passed is left, with its queue, to the next
	 * process that gets it.
	 */
	void refuseNew() {
		if (this.socket.isPassed()) {
			close();
			return;
		}
		if (!this.transport.hasPacketFilters()) {
			return;
		}
		try {
			HandshakeFilter.attach(this.socket);
		}
		catch (IOException ex) {
			logger.warn("What clients begin before the socket of '" + this.listener
					+ "' is closed may be reset: the kernel takes no filter (" + ex.getMessage() + ")");
		}
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
				return !this.shortOfDescriptors;
			}
		}
		return false;
	}

	/**
	 * Close the socket, also for workers that it is lent to: from then on clients are
	 * refused, and what the kernel has queued is reset. Not so where the socket was
	 * passed: others have it as well. May be called again.
	 */
	@Override
	public void close() {
		if (!this.socket.isOpen()) {
			return;
		}
		if (this.registration != null) {
			this.registration.cancel();
		}
		this.accepting = false;
		try {
			if (!this.socket.isPassed()) {
				this.socket.stopListening();
			}
			this.socket.close();
		}
		catch (IOException ex) {
			logger.warn("Cannot close the socket of '" + this.listener + "': " + ex.getMessage());
		}
	}

}
