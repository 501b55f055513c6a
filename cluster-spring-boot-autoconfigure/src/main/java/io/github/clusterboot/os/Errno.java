package io.github.clusterboot.os;

import io.netty.channel.unix.Errors.NativeIoException;

/**
 * The errors that are told apart. Their numbers are those of Linux, after
 * {@code asm-generic/errno-base.h} and {@code asm-generic/errno.h}, which x86_64 and
 * aarch64 share, and of macOS, after {@code sys/errno.h}.
 */
public enum Errno {

	/** The descriptor is closed. */
	EBADF(9),

	/** Out of memory. */
	ENOMEM(12),

	/** Permission denied. */
	EACCES(13),

	/** Too many open files in the system. */
	ENFILE(23),

	/** Too many open files in the process. */
	EMFILE(24),

	/** The reading end is closed. */
	EPIPE(32),

	/** The address is in use. */
	EADDRINUSE(98, 48),

	/** No interface has the address. */
	EADDRNOTAVAIL(99, 49),

	/** The peer is gone. */
	ECONNRESET(104, 54),

	/** No buffer space. */
	ENOBUFS(105, 55),

	/** There is no connection. */
	ENOTCONN(107, 57),

	/** Too many descriptors of this user are in flight, see {@code unix(7)}. */
	ETOOMANYREFS(109, 59),

	/** Nothing listens at the address. */
	ECONNREFUSED(111, 61);

	private final int linux;

	private final int macOs;

	Errno(int everywhere) {
		this(everywhere, everywhere);
	}

	Errno(int linux, int macOs) {
		this.linux = linux;
		this.macOs = macOs;
	}

	int number(boolean macOs) {
		return macOs ? this.macOs : this.linux;
	}

	/**
	 * Return whether this is the error's number.
	 * @param error an error of the native transport
	 * @return whether the numbers are the same
	 */
	public boolean is(NativeIoException error) {
		return error.expectedErr() == -number(NativeTransport.isMacOs());
	}

	/**
	 * Return whether a connected socket is of no use any longer. Any other error may be
	 * one of this call alone.
	 * @param error the error
	 * @return whether the other end is gone
	 */
	public static boolean isBroken(NativeIoException error) {
		return EPIPE.is(error) || ECONNRESET.is(error) || ENOTCONN.is(error) || ECONNREFUSED.is(error)
				|| EBADF.is(error);
	}

	/**
	 * Return whether the process or the system has run out of something that may come
	 * back.
	 * @param error the error
	 * @return whether to try again later
	 */
	public static boolean isShortage(NativeIoException error) {
		return EMFILE.is(error) || ENFILE.is(error) || ENOBUFS.is(error) || ENOMEM.is(error) || ETOOMANYREFS.is(error);
	}

}
