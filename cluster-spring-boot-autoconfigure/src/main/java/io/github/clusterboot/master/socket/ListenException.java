package io.github.clusterboot.master.socket;

import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * The master cannot listen on an address that a worker's server asks for.
 */
public class ListenException extends IOException {

	private final String listener;

	private final transient InetSocketAddress address;

	private final Reason reason;

	public ListenException(String listener, InetSocketAddress address, Reason reason, IOException cause) {
		super(cause.getMessage(), cause);
		this.listener = listener;
		this.address = address;
		this.reason = reason;
	}

	/**
	 * Return which listener was to be opened.
	 * @return the listener's name
	 */
	public String getListener() {
		return this.listener;
	}

	/**
	 * Return the address that was asked for.
	 * @return the address
	 */
	public InetSocketAddress getAddress() {
		return this.address;
	}

	/**
	 * Return what kept the master from listening.
	 * @return the reason
	 */
	public Reason getReason() {
		return this.reason;
	}

	/**
	 * What keeps a process from listening on an address, see {@code bind(2)}.
	 */
	public enum Reason {

		/**
		 * {@code EADDRINUSE}: another process listens there.
		 */
		ADDRESS_IN_USE,

		/**
		 * {@code EACCES}: the port is privileged.
		 */
		PERMISSION_DENIED,

		/**
		 * {@code EADDRNOTAVAIL}: no interface of this machine has the address.
		 */
		ADDRESS_NOT_AVAILABLE,

		/**
		 * What the process was started with for the listener is not a listening TCP
		 * socket.
		 */
		UNUSABLE_PASSED_SOCKET,

		/**
		 * Anything else.
		 */
		OTHER

	}

}
