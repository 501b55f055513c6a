package io.github.clusterboot.ipc;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Figures in memory that several processes share.
 * <p>
 * All are 64 bits wide, in the machine's byte order, and 8-byte aligned, so each is read
 * and written as a whole (see {@link MethodHandles#byteBufferViewVarHandle}). All methods
 * may be called from any thread.
 */
final class SharedFigures {

	private static final VarHandle FIGURE = MethodHandles.byteBufferViewVarHandle(long[].class,
			ByteOrder.nativeOrder());

	private final ByteBuffer memory;

	SharedFigures(ByteBuffer memory) {
		this.memory = memory;
	}

	long get(int offset) {
		return (long) FIGURE.getVolatile(this.memory, offset);
	}

	void set(int offset, long value) {
		FIGURE.setVolatile(this.memory, offset, value);
	}

	void increment(int offset) {
		FIGURE.getAndAdd(this.memory, offset, 1L);
	}

}
