package io.github.clusterboot.os;

import java.util.function.IntConsumer;

import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * Signals of this process, through {@code sun.misc.Signal} of the module
 * {@code jdk.unsupported}: the JDK has no other way to handle one.
 * <p>
 * All methods may be called from any thread.
 */
public final class Signals {

	private Signals() {
	}

	/**
	 * Handle a signal from now on. The JVM calls the handler on a new thread each time.
	 * @param name the signal's name without {@code SIG}
	 * @param handler is given the signal's number
	 * @return what there was before
	 * @throws IllegalArgumentException if the JVM leaves the signal to the system, as
	 * with {@code -Xrs}
	 */
	public static Before handle(String name, IntConsumer handler) {
		return handle(name, (Signal signal) -> handler.accept(signal.getNumber()));
	}

	/**
	 * Do nothing on a signal from now on. Processes that this one starts do not inherit
	 * that, unlike {@code SIG_IGN}, see {@code execve(2)}.
	 * @param name the signal's name without {@code SIG}
	 * @throws IllegalArgumentException if the JVM leaves the signal to the system, as
	 * with {@code -Xrs}
	 */
	public static void ignore(String name) {
		handle(name, (Signal signal) -> {
		});
	}

	private static Before handle(String name, SignalHandler handler) {
		Signal signal = new Signal(name);
		SignalHandler before = Signal.handle(signal, handler);
		return new Before(before == SignalHandler.SIG_IGN, () -> Signal.handle(signal, before));
	}

	/**
	 * What happened on a signal before it was handled.
	 *
	 * @param ignored whether it was ignored. If {@code HUP}, {@code INT} or {@code TERM}
	 * has been since the process began, as under {@code nohup}, the JVM leaves it so and
	 * calls no handler, see {@code JVM_RegisterSignal} in HotSpot's source
	 * @param restoring puts that back
	 */
	public record Before(boolean ignored, Runnable restoring) {

	}

}
