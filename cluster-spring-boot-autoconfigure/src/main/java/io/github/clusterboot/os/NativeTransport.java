package io.github.clusterboot.os;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.nio.file.Path;
import java.util.List;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.unix.DomainSocketChannel;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import org.jspecify.annotations.Nullable;

/**
 * The native library that passes descriptors, and what differs with the system that it is
 * for.
 * <p>
 * Neither system's classes are loaded on the other. All methods may be called from any
 * thread.
 */
public abstract sealed class NativeTransport permits EpollTransport, KQueueTransport {

	static final int SOCK_STREAM = 1;

	private static boolean loaded;

	NativeTransport() {
	}

	/**
	 * Return this system's transport, whose library may not be loaded yet.
	 * @return the transport
	 * @throws UnsupportedOperationException if there is none for this system
	 */
	public static NativeTransport current() {
		NativeTransport current = Current.TRANSPORT;
		if (current == null) {
			throw new UnsupportedOperationException(Current.SYSTEM + " has neither epoll nor kqueue");
		}
		return current;
	}

	static @Nullable NativeTransport of(String system) {
		if (system.startsWith("Linux")) {
			return new EpollTransport();
		}
		return isMacOs(system) ? new KQueueTransport() : null;
	}

	static boolean isMacOs() {
		return isMacOs(Current.SYSTEM);
	}

	private static boolean isMacOs(String system) {
		return system.startsWith("Mac OS X");
	}

	/**
	 * Return why descriptors cannot be passed on this platform.
	 * @return the cause, or {@code null} if they can
	 */
	public static @Nullable Throwable unavailabilityCause() {
		try {
			load();
			return null;
		}
		catch (UnsupportedOperationException | LinkageError ex) {
			return ex;
		}
	}

	/**
	 * Load the native library unless it is loaded already.
	 * @throws UnsupportedOperationException if there is none for this system
	 * @throws NativeLibraryException if it cannot be loaded since no directory can hold
	 * it
	 * @throws LinkageError if it or its classes cannot be loaded
	 */
	public static synchronized void load() {
		NativeTransport transport = current();
		List<String> problems = loaded ? List.of() : NativeLibraryDirectory.choose();
		try {
			transport.ensureAvailability();
			loaded = true;
		}
		catch (LinkageError ex) {
			throw problems.isEmpty() ? ex : new NativeLibraryException(problems, ex);
		}
	}

	/**
	 * Return the directory in which the library is written before it is loaded, and
	 * deleted afterwards.
	 * @return the directory
	 */
	public static Path libraryDirectory() {
		return NativeLibraryDirectory.current();
	}

	abstract void ensureAvailability();

	/**
	 * Return what an event loop waits with.
	 * @return a factory
	 */
	public abstract IoHandlerFactory newIoHandlerFactory();

	/**
	 * Make a channel over a Unix socket that has been accepted.
	 * @param descriptor the socket, owned by the channel from now on
	 * @return the channel, still to be registered
	 */
	public abstract DomainSocketChannel newDomainSocketChannel(int descriptor);

	/**
	 * Ask the kernel which process has the other end: the one that has connected, or, for
	 * the one that has, the one that listens.
	 * @param socket the connected Unix socket
	 * @return the process
	 * @throws IOException if the kernel does not tell
	 */
	public abstract Peer peer(Socket socket) throws IOException;

	/**
	 * Make what an event loop registers to watch a descriptor.
	 * @param descriptor the descriptor, which the reader owns
	 * @param reader is told by the event loop
	 * @return the handle, registered without an interest at first
	 */
	public abstract IoHandle watch(FileDescriptor descriptor, Reader reader);

	/**
	 * Return what to submit to the registration of a descriptor that is watched.
	 * @param wanted whether its reader is to be told from now on
	 * @return the operation
	 */
	public abstract IoOps readInterest(boolean wanted);

	/**
	 * Return the family of a TCP socket.
	 * @param socket the socket, which may be of any kind
	 * @return the family, or {@code null} if it is not a TCP socket
	 * @throws IOException if it is not a socket
	 */
	public abstract @Nullable ProtocolFamily tcpFamily(Socket socket) throws IOException;

	/**
	 * Return whether a socket listens.
	 * @param socket the socket
	 * @return whether it does
	 * @throws IOException if it is not a socket
	 */
	public abstract boolean isListening(Socket socket) throws IOException;

	/**
	 * Return whether the kernel runs packet filters for sockets. Without them it cannot
	 * refuse new connections ahead of the end, nor choose among sockets with
	 * {@code SO_REUSEPORT}.
	 * @return whether it does
	 */
	public abstract boolean hasPacketFilters();

	/**
	 * Return whether a descriptor may be lost that is closed by its sender before it has
	 * been received.
	 * @return whether to keep it open until then
	 */
	public abstract boolean losesWhatIsClosedInFlight();

	/**
	 * Reads from a descriptor that is watched. Called on the event loop.
	 */
	public interface Reader {

		/**
		 * Called for as long as there is something to read.
		 */
		void readable();

		/**
		 * Called when the event loop ends.
		 */
		void close();

	}

	/**
	 * The process at the other end of a socket.
	 *
	 * @param pid its id
	 * @param uid its user's id
	 */
	public record Peer(int pid, int uid) {

	}

	private static final class Current {

		private static final String SYSTEM = System.getProperty("os.name");

		private static final @Nullable NativeTransport TRANSPORT = of(SYSTEM);

	}

}
