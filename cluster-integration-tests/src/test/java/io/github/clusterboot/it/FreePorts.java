package io.github.clusterboot.it;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Finds ports that nobody uses, for what cannot be given port 0.
 */
final class FreePorts {

	private static final int ATTEMPTS = 100;

	// Below the range from which Linux chooses by default, so that it does not choose
	// one.
	private static final int LOWEST = 10_000;

	private static final int HIGHEST = 32_000;

	private FreePorts() {
	}

	/**
	 * Find ports in a row.
	 * @param count how many
	 * @return the first of them
	 */
	static int first(int count) {
		for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
			int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST - count);
			if (areFree(port, count)) {
				return port;
			}
		}
		throw new IllegalStateException("No " + count + " free ports in a row");
	}

	private static boolean areFree(int first, int count) {
		List<ServerSocket> sockets = new ArrayList<>();
		try {
			for (int i = 0; i < count; i++) {
				sockets.add(new ServerSocket(first + i, 1, InetAddress.getLoopbackAddress()));
			}
			return true;
		}
		catch (IOException ex) {
			return false;
		}
		finally {
			sockets.forEach(FreePorts::close);
		}
	}

	private static void close(ServerSocket socket) {
		try {
			socket.close();
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
