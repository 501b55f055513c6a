package io.github.clusterboot.master;

/**
 * Is told what the master listens on.
 */
@FunctionalInterface
public interface ListenObserver {

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

}
