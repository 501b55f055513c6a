package io.github.clusterboot.master.control;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.IntConsumer;

import io.github.clusterboot.master.loop.MasterLog;
import io.github.clusterboot.master.loop.MasterLoop;
import io.github.clusterboot.master.loop.Steps;
import io.github.clusterboot.os.Errno;
import io.github.clusterboot.os.FileState;
import io.github.clusterboot.os.NativeTransport;
import io.netty.channel.ChannelException;
import io.netty.channel.IoRegistration;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Errors.NativeIoException;
import io.netty.channel.unix.Socket;
import org.apache.commons.logging.Log;
import org.jspecify.annotations.Nullable;

/**
 * A Unix socket that is listened on, and the file by which it is found.
 * <p>
 * The file is not deleted when the socket is closed: it goes with the directory that it
 * is in. Netty's own server channels delete it by its path, where by then there may be
 * something else. Opened and closed by any thread, otherwise used on the event loop.
 */
final class ControlSocket implements NativeTransport.Reader {

	private static final Log logger = MasterLog.of(ControlSocket.class);

	private static final int BACKLOG = 1024;

	private static final int ACCEPTS_PER_EVENT = 16;

	/**
	 * Netty puts the address of an internet peer there.
	 */
	private static final int ADDRESS = 25;

	private static final Duration PAUSE = Duration.ofMillis(100);

	private final NativeTransport transport = NativeTransport.current();

	private final Socket socket;

	private final Path path;

	private final Object key;

	private final MasterLoop loop;

	private final IntConsumer connected;

	private volatile @Nullable IoRegistration registration;

	private boolean shortage;

	private ControlSocket(Socket socket, Path path, Object key, MasterLoop loop, IntConsumer connected) {
		this.socket = socket;
		this.path = path;
		this.key = key;
		this.loop = loop;
		this.connected = connected;
	}

	/**
	 * Listen. When this returns processes can connect.
	 * @param path where; a file there is deleted
	 * @param loop the event loop
	 * @param connected gets the descriptor of each connection and owns it
	 * @return the socket, owned by the caller
	 * @throws IOException if the socket cannot be made
	 */
	static ControlSocket listen(Path path, MasterLoop loop, IntConsumer connected) throws IOException {
		Socket socket = newSocket();
		try {
			socket.bind(new DomainSocketAddress(path.toFile()));
			socket.listen(BACKLOG);
			ControlSocket control = new ControlSocket(socket, path, FileState.of(path).key(), loop, connected);
			control.register();
			return control;
		}
		catch (IOException | RuntimeException | Error ex) {
			socket.close();
			throw ex;
		}
	}

	private static Socket newSocket() throws IOException {
		try {
			return Socket.newSocketDomain();
		}
		catch (ChannelException ex) {
			throw new IOException("No socket can be made: " + ex.getMessage(), ex);
		}
	}

	private void register() {
		this.loop.io().register(this.transport.watch(this.socket, this)).addListener((future) -> {
			if (future.isSuccess()) {
				this.registration = (IoRegistration) future.getNow();
				watch(true);
			}
			else {
				// so that another is opened in its place
				close();
			}
		});
	}

	/**
	 * One that cannot be watched is closed, so that another is opened in its place.
	 */
	private void watch(boolean wanted) {
		IoRegistration current = this.registration;
		try {
			if (current != null && current.isValid()) {
				current.submit(this.transport.readInterest(wanted));
			}
		}
		catch (RuntimeException ex) {
			logger.warn("The socket for workers cannot be watched and is closed: " + ex.getMessage());
			close();
		}
	}

	/**
	 * Return whether a process that connects to a path reaches this socket.
	 * @param wanted the path
	 * @return whether it does
	 */
	boolean isAt(Path wanted) {
		try {
			return this.socket.isOpen() && this.path.equals(wanted) && FileState.of(wanted).key().equals(this.key);
		}
		catch (IOException ex) {
			return false;
		}
	}

	/**
	 * An error that this lets through would end the event loop, see
	 * {@code EpollIoHandler.run}, and one that comes again at once would keep it busy.
	 */
	@Override
	public void readable() {
		this.shortage = false;
		if (!Steps.take("accept connections of workers", this::acceptWhatIsThere) || this.shortage) {
			watch(false);
			this.loop.schedule("accept connections of workers again", () -> watch(true), PAUSE);
		}
	}

	private void acceptWhatIsThere() throws IOException {
		try {
			for (int i = 0; i < ACCEPTS_PER_EVENT; i++) {
				int descriptor = this.socket.accept(new byte[ADDRESS]);
				if (descriptor < 0) {
					return;
				}
				this.connected.accept(descriptor);
			}
		}
		catch (NativeIoException ex) {
			if (!Errno.isShortage(ex)) {
				throw ex;
			}
			this.shortage = true;
		}
	}

	@Override
	public void close() {
		IoRegistration current = this.registration;
		if (current != null) {
			current.cancel();
		}
		try {
			this.socket.close();
		}
		catch (IOException ex) {
			logger.debug("Cannot close " + this.path, ex);
		}
	}

}
