package io.github.clusterboot.master.dispatch;

/**
 * Is told what the master listens on, until it ends.
 */
@FunctionalInterface
public interface ListenObserver extends AutoCloseable {

	/**
	 * Does nothing.
	 */
	ListenObserver NONE = (name, port) -> {
	};

	/**
	 * The master listens. Called on the master's event loop, so it must not wait for
	 * anything.
	 * @param name the listener's name
	 * @param port its port
	 */
	void listening(String name, int port);

	/**
	 * The master has ended. May be called more than once and by any thread. Returns soon,
	 * and never fails.
	 */
	@Override
	default void close() {
	}

}
