package io.github.clusterboot.ipc;

import io.netty.channel.unix.Errors.NativeIoException;

/**
 * The error numbers of Linux that are told apart, after {@code asm-generic/errno-base.h}
 * and {@code asm-generic/errno.h}, which x86_64 and aarch64 share.
 */
public enum Errno {

	/** Out of memory. */
	ENOMEM(12),

	/** Permission denied. */
	EACCES(13),

	/** Too many open files in the system. */
	ENFILE(23),

	/** Too many open files in the process. */
	EMFILE(24),

	/** The address is in use. */
	EADDRINUSE(98),

	/** No interface has the address. */
	EADDRNOTAVAIL(99),

	/** No buffer space. */
	ENOBUFS(105),

	/** Too many descriptors of this user are in flight, see {@code unix(7)}. */
	ETOOMANYREFS(109);

	private final int number;

	Errno(int number) {
		this.number = number;
	}

	/**
	 * Return whether this is the error's number.
	 * @param error an error of the native transport
	 * @return whether the numbers are the same
	 */
	public boolean is(NativeIoException error) {
		return error.expectedErr() == -this.number;
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
