package io.github.clusterboot.worker;

import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;

import io.netty.channel.unix.Socket;
import org.jspecify.annotations.Nullable;

/**
 * Makes {@link SocketChannel}s over descriptors, and tells the descriptors of channels.
 * <p>
 * There is no public API for either. {@code sun.nio.ch.SocketChannelImpl} is also what
 * {@code ServerSocketChannel.accept()} makes; its constructor is the same in JDK 17 and
 * 25, and so is that of {@code sun.nio.ch.ServerSocketChannelImpl}. They are reached
 * through {@code --add-opens=java.base/sun.nio.ch=ALL-UNNAMED}, which the master puts on
 * a worker's command line. All methods may be called from any thread.
 */
final class SocketChannels {

	private static final MethodHandle CONSTRUCTOR;

	private static final MethodHandle SERVER_CONSTRUCTOR;

	private static final MethodHandle NEW_DESCRIPTOR;

	private static final MethodHandle DESCRIPTOR_OF;

	static {
		try {
			Class<?> channel = Class.forName("sun.nio.ch.SocketChannelImpl");
			MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(channel, MethodHandles.lookup());
			CONSTRUCTOR = lookup
				.findConstructor(channel,
						MethodType.methodType(void.class, SelectorProvider.class, ProtocolFamily.class,
								FileDescriptor.class, SocketAddress.class))
				.asType(MethodType.methodType(SocketChannel.class, SelectorProvider.class, ProtocolFamily.class,
						FileDescriptor.class, SocketAddress.class));
			Class<?> serverChannel = Class.forName("sun.nio.ch.ServerSocketChannelImpl");
			SERVER_CONSTRUCTOR = MethodHandles.privateLookupIn(serverChannel, MethodHandles.lookup())
				.findConstructor(serverChannel,
						MethodType.methodType(void.class, SelectorProvider.class, ProtocolFamily.class,
								FileDescriptor.class, boolean.class))
				.asType(MethodType.methodType(ServerSocketChannel.class, SelectorProvider.class, ProtocolFamily.class,
						FileDescriptor.class, boolean.class));
			NEW_DESCRIPTOR = lookup.findStatic(Class.forName("sun.nio.ch.IOUtil"), "newFD",
					MethodType.methodType(FileDescriptor.class, int.class));
			DESCRIPTOR_OF = lookup.findVirtual(channel, "getFDVal", MethodType.methodType(int.class))
				.asType(MethodType.methodType(int.class, SocketChannel.class));
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

	private SocketChannels() {
	}

	/**
	 * Make a channel over the descriptor of a connected TCP socket. The channel is
	 * non-blocking, as the master's sockets are.
	 * @param descriptor the descriptor, owned by the channel from now on
	 * @param family the protocol family of the socket
	 * @return the channel, or {@code null} if the peer has already reset the connection
	 * @throws IOException if the socket cannot be used
	 */
	static @Nullable SocketChannel adopt(int descriptor, ProtocolFamily family) throws IOException {
		Socket owned = new Socket(descriptor);
		try {
			// getpeername(2) once; sun.nio.ch.Net would call it twice
			SocketAddress peer = owned.remoteAddress();
			if (peer == null) {
				owned.close();
				return null;
			}
			FileDescriptor fd = (FileDescriptor) NEW_DESCRIPTOR.invokeExact(descriptor);
			SocketChannel channel = (SocketChannel) CONSTRUCTOR.invokeExact(SelectorProvider.provider(), family, fd,
					peer);
			channel.configureBlocking(false);
			return channel;
		}
		catch (IOException | RuntimeException | Error ex) {
			owned.close();
			throw ex;
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Make a channel over the descriptor of a listening TCP socket. The channel is
	 * non-blocking, as the master's sockets are.
	 * @param descriptor the descriptor, owned by the channel from now on
	 * @param family the protocol family of the socket
	 * @return the channel
	 * @throws IOException if the socket cannot be used
	 */
	static ServerSocketChannel adoptListening(int descriptor, ProtocolFamily family) throws IOException {
		Socket owned = new Socket(descriptor);
		try {
			FileDescriptor fd = (FileDescriptor) NEW_DESCRIPTOR.invokeExact(descriptor);
			ServerSocketChannel channel = (ServerSocketChannel) SERVER_CONSTRUCTOR
				.invokeExact(SelectorProvider.provider(), family, fd, true);
			channel.configureBlocking(false);
			return channel;
		}
		catch (IOException | RuntimeException | Error ex) {
			owned.close();
			throw ex;
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Return the descriptor of a channel, which keeps it.
	 * @param channel a channel of the JDK
	 * @return the descriptor's number
	 */
	static int descriptorOf(SocketChannel channel) {
		try {
			return (int) DESCRIPTOR_OF.invokeExact(channel);
		}
		catch (RuntimeException | Error ex) {
			throw ex;
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

}
