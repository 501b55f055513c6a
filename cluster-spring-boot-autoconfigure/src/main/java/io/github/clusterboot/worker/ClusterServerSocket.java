package io.github.clusterboot.worker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.channels.ServerSocketChannel;

import org.jspecify.annotations.Nullable;

/**
 * A {@link ClusterServerSocketChannel} as a {@link ServerSocket}, for servers that ask it
 * for the address.
 */
final class ClusterServerSocket extends ServerSocket {

	private final ClusterServerSocketChannel channel;

	private ClusterServerSocket(ClusterServerSocketChannel channel) throws IOException {
		this.channel = channel;
	}

	/**
	 * Return a view of a channel.
	 * @param channel the channel
	 * @return the view, which has no descriptor
	 */
	static ClusterServerSocket of(ClusterServerSocketChannel channel) {
		try {
			return new ClusterServerSocket(channel);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void bind(@Nullable SocketAddress endpoint, int backlog) throws IOException {
		this.channel.bind(endpoint, backlog);
	}

	@Override
	public Socket accept() {
		throw new UnsupportedOperationException("Connections are taken from the channel");
	}

	@Override
	public boolean isBound() {
		return getLocalSocketAddress() != null;
	}

	@Override
	public int getLocalPort() {
		InetSocketAddress address = getLocalSocketAddress();
		return (address != null) ? address.getPort() : -1;
	}

	@Override
	public @Nullable InetAddress getInetAddress() {
		InetSocketAddress address = getLocalSocketAddress();
		return (address != null) ? address.getAddress() : null;
	}

	@Override
	public @Nullable InetSocketAddress getLocalSocketAddress() {
		return this.channel.address();
	}

	@Override
	public ServerSocketChannel getChannel() {
		return this.channel;
	}

	@Override
	public boolean isClosed() {
		return !this.channel.isOpen();
	}

	@Override
	public void close() throws IOException {
		this.channel.close();
	}

	@Override
	public String toString() {
		return this.channel.toString();
	}

}
