package io.github.clusterboot.master;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

import io.github.clusterboot.ClusterState;
import io.github.clusterboot.ClusterView;
import io.github.clusterboot.master.loop.MasterLog;
import io.netty.channel.ChannelException;
import io.netty.channel.unix.Socket;
import org.apache.commons.logging.Log;
import org.jspecify.annotations.Nullable;

/**
 * Tells the service manager that has started the master how the cluster is: ready when
 * the first worker is, reloading during a rolling restart, stopping, and a line of text.
 * <p>
 * The protocol is that of {@code sd_notify(3)}: one datagram for each change, to the
 * socket that the environment names. Used on the event loop only.
 */
final class ServiceNotifier implements AutoCloseable {

	/**
	 * The environment variable that names the socket.
	 */
	static final String SOCKET_VARIABLE = "NOTIFY_SOCKET";

	private static final Log logger = MasterLog.of(ServiceNotifier.class);

	private final Socket socket;

	private final byte[] address;

	private Phase told = Phase.STARTING;

	private String status = "";

	private boolean failed;

	private ServiceNotifier(Socket socket, byte[] address) {
		this.socket = socket;
		this.address = address;
	}

	/**
	 * Create a notifier.
	 * @param address the value of {@value #SOCKET_VARIABLE}
	 * @return the notifier, or {@code null} if there is no address or it is not a Unix
	 * socket's
	 */
	static @Nullable ServiceNotifier to(@Nullable String address) {
		if (address == null || address.isEmpty()) {
			return null;
		}
		char first = address.charAt(0);
		if (first != '/' && first != '@') {
			logger.warn("The service manager is not notified: '" + address + "', the value of " + SOCKET_VARIABLE
					+ ", is not the address of a Unix socket");
			return null;
		}
		byte[] bytes = address.getBytes(StandardCharsets.UTF_8);
		if (first == '@') {
			// the abstract namespace, see unix(7)
			bytes[0] = 0;
		}
		try {
			return new ServiceNotifier(Socket.newSocketDomainDgram(), bytes);
		}
		catch (ChannelException ex) {
			logger.warn("The service manager is not notified: " + ex.getMessage());
			return null;
		}
	}

	/**
	 * Send what is new. What could not be sent is sent with the next call.
	 * @param view the cluster as it is now
	 */
	void tell(ClusterView view) {
		Phase phase = phase(view);
		String status = status(view);
		if ((phase != this.told || !status.equals(this.status)) && send(message(phase, status))) {
			this.told = phase;
			this.status = status;
		}
	}

	private Phase phase(ClusterView view) {
		if (view.state() == ClusterState.STOPPING) {
			return Phase.STOPPING;
		}
		if (this.told == Phase.STARTING) {
			// a service manager that still waits for the start is not told of a restart
			return (view.size().ready() > 0) ? Phase.READY : Phase.STARTING;
		}
		return (view.state() == ClusterState.RESTARTING) ? Phase.RELOADING : Phase.READY;
	}

	private static String status(ClusterView view) {
		return view.state() + ": " + view.size().ready() + " of " + view.size().target() + " workers ready, generation "
				+ view.generation();
	}

	private String message(Phase phase, String status) {
		String message = "STATUS=" + status;
		if (phase == this.told) {
			return message;
		}
		return switch (phase) {
			case STARTING -> message;
			case READY -> "READY=1\n" + message;
			// HotSpot's nanoTime() reads CLOCK_MONOTONIC, see os_posix.cpp
			case RELOADING ->
				"RELOADING=1\nMONOTONIC_USEC=" + TimeUnit.NANOSECONDS.toMicros(System.nanoTime()) + "\n" + message;
			case STOPPING -> "STOPPING=1\n" + message;
		};
	}

	private boolean send(String message) {
		byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
		// the kernel reads from memory that does not move
		ByteBuffer buffer = ByteBuffer.allocateDirect(bytes.length).put(bytes);
		try {
			return this.socket.sendToDomainSocket(buffer, 0, bytes.length, this.address) == bytes.length;
		}
		catch (IOException ex) {
			if (!this.failed) {
				logger.warn("The service manager cannot be notified: " + ex);
				this.failed = true;
			}
			return false;
		}
	}

	@Override
	public void close() {
		try {
			this.socket.close();
		}
		catch (IOException ex) {
			logger.debug("Cannot close the socket to the service manager", ex);
		}
	}

	/**
	 * What a service manager distinguishes.
	 */
	private enum Phase {

		STARTING, READY, RELOADING, STOPPING

	}

}
