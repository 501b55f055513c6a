package io.github.clusterboot.master;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.github.clusterboot.ClusterView;
import io.github.clusterboot.ipc.Errno;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.Errors.NativeIoException;
import io.netty.channel.unix.FileDescriptor;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * A listening socket of the master and the way of its connections: accept, schedule, hand
 * over.
 * <p>
 * Accepts only while some worker has room; what comes meanwhile waits in the kernel's
 * queue. Owns the socket for as long as the master lives. Used on the event loop only.
 */
final class Listener implements EpollIoHandle {

	private static final Log logger = LogFactory.getLog(Listener.class);

	/**
	 * How many connections are accepted before other events get their turn.
	 */
	private static final int ACCEPTS_PER_EVENT = 64;

	/**
	 * How long to leave a socket alone that cannot accept because descriptors are short.
	 */
	private static final Duration SHORTAGE_PAUSE = Duration.ofMillis(100);

	/**
	 * Leaves the socket registered without an interest: {@code EPOLLERR} is always
	 * reported, see {@code epoll_ctl(2)}. Netty takes an empty set for a removal.
	 */
	private static final EpollIoOps NO_INTEREST = EpollIoOps.EPOLLERR;

	private final String name;

	private final int ordinal;

	private final InetSocketAddress requested;

	private final ListeningSocket socket;

	private final IoEventLoop loop;

	private final Dispatcher dispatcher;

	private final Runnable onNoRoom;

	private @Nullable IoRegistration registration;

	private boolean accepting;

	private boolean shortOfDescriptors;

	private boolean shortageReported;

	private long accepted;

	/**
	 * Create a listener that does not accept yet.
	 * @param name the name
	 * @param ordinal the column on the scoreboard
	 * @param requested the address that was asked for
	 * @param socket the socket, owned by the listener from now on
	 * @param loop the event loop
	 * @param scheduler chooses the workers
	 * @param onNoRoom called when a connection has to wait because no worker has room
	 */
	Listener(String name, int ordinal, InetSocketAddress requested, ListeningSocket socket, IoEventLoop loop,
			Scheduler scheduler, Runnable onNoRoom) {
		this.name = name;
		this.ordinal = ordinal;
		this.requested = requested;
		this.socket = socket;
		this.loop = loop;
		this.dispatcher = new Dispatcher(scheduler);
		this.onNoRoom = onNoRoom;
	}

	String name() {
		return this.name;
	}

	int ordinal() {
		return this.ordinal;
	}

	InetSocketAddress requested() {
		return this.requested;
	}

	ListeningSocket socket() {
		return this.socket;
	}

	Dispatcher dispatcher() {
		return this.dispatcher;
	}

	/**
	 * Register with the event loop.
	 */
	void open() {
		this.loop.register(this).addListener((future) -> {
			this.registration = (IoRegistration) future.get();
			resume();
		});
	}

	@Override
	public FileDescriptor fd() {
		return this.socket;
	}

	@Override
	public void handle(IoRegistration registration, IoEvent event) {
		if (((EpollIoEvent) event).ops().contains(EpollIoOps.EPOLLIN)) {
			accept();
		}
	}

	private void accept() {
		for (int i = 0; i < ACCEPTS_PER_EVENT; i++) {
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
			logger.debug("Cannot accept a connection on '" + this.name + "'", ex);
			return true;
		}
		catch (IOException ex) {
			logger.warn("Cannot accept a connection on '" + this.name + "': " + ex.getMessage());
			return false;
		}
	}

	private void pauseForShortage(NativeIoException ex) {
		if (!this.shortageReported) {
			logger.warn("Cannot accept connections on '" + this.name + "' for now, they wait: " + ex.getMessage());
			this.shortageReported = true;
		}
		pause();
		this.shortOfDescriptors = true;
		this.loop.schedule(() -> {
			this.shortOfDescriptors = false;
			resume();
		}, SHORTAGE_PAUSE.toMillis(), TimeUnit.MILLISECONDS);
	}

	/**
	 * Hand over what was taken back, and accept if there is room then.
	 * @return {@code false} if connections have to wait because no worker has room
	 */
	boolean resume() {
		this.dispatcher.dispatchReturned();
		if (!this.dispatcher.hasRoom()) {
			pause();
			return false;
		}
		if (!this.accepting && !this.shortOfDescriptors && this.socket.isOpen()) {
			submit(EpollIoOps.EPOLLIN);
			this.accepting = true;
		}
		return true;
	}

	private void pause() {
		if (this.accepting) {
			submit(NO_INTEREST);
			this.accepting = false;
		}
	}

	private void submit(EpollIoOps interest) {
		if (this.registration != null && this.registration.isValid()) {
			this.registration.submit(interest);
		}
	}

	/**
	 * Let clients begin no new connection. Those that have are still accepted.
	 */
	void refuseNew() {
		try {
			HandshakeFilter.attach(this.socket);
		}
		catch (IOException ex) {
			logger.warn("What clients begin before the socket of '" + this.name
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
	 * Close the socket: from then on clients are refused. What the kernel has queued is
	 * reset. May be called again.
	 */
	void stopListening() {
		if (!this.socket.isOpen()) {
			return;
		}
		if (this.registration != null) {
			this.registration.cancel();
		}
		this.accepting = false;
		try {
			this.socket.close();
		}
		catch (IOException ex) {
			logger.warn("Cannot close the socket of '" + this.name + "': " + ex.getMessage());
		}
	}

	/**
	 * Close the socket and what belongs to it. May be called again.
	 */
	@Override
	public void close() {
		stopListening();
		this.dispatcher.close();
	}

	ClusterView.Listener view() {
		return new ClusterView.Listener(this.name, this.requested.getAddress().getHostAddress(), this.socket.port(),
				this.accepted, this.dispatcher.waiting());
	}

}
