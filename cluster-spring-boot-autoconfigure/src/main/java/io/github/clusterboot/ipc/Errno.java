package io.github.clusterboot.ipc;

import io.netty.channel.unix.Errors.NativeIoException;

/**
 * The errors that are told apart. Their numbers are those of Linux, after
 * {@code asm-generic/errno-base.h} and {@code asm-generic/errno.h}, which x86_64 and
 * aarch64 share, and of macOS, after {@code sys/errno.h}.
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
	EADDRINUSE(98, 48),

	/** No interface has the address. */
	EADDRNOTAVAIL(99, 49),

	/** No buffer space. */
	ENOBUFS(105, 55),

	/** Too many descriptors of this user are in flight, see {@code unix(7)}. */
	ETOOMANYREFS(109, 59);

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
	 * Return whether the process or the system has run out of something that may come
	 * back.
	 * @param error the error
	 * @return whether to try again later
	 */
	public static boolean isShortage(NativeIoException error) {
		return EMFILE.is(error) || ENFILE.is(error) || ENOBUFS.is(error) || ENOMEM.is(error) || ETOOMANYREFS.is(error);
	}

}
