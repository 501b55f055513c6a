package io.github.clusterboot.master.socket;

import java.io.IOException;
import java.util.List;

import io.netty.channel.unix.Socket;

/**
 * Tells the kernel which sockets of a group with {@code SO_REUSEPORT} new connections
 * arrive at: at each of them with the same probability.
 * <p>
 * The program is run for the first segment of a connection and says the socket's position
 * in the group, see {@code SO_ATTACH_REUSEPORT_CBPF} in {@code socket(7)}. A handshake
 * under way stays with its socket.
 */
final class ReusePortProgram {

	private static final int SO_ATTACH_REUSEPORT_CBPF = 51;

	private ReusePortProgram() {
	}

	/**
	 * Attach the program, in place of the one before.
	 * @param socket any socket of the group
	 * @param positions the positions of the sockets to choose from, at least one
	 * @throws IOException if the kernel does not take it
	 */
	static void attach(Socket socket, List<Integer> positions) throws IOException {
		int count = positions.size();
		BpfProgram program = new BpfProgram(2 * count + 1).loadRandom().remainder(count);
		for (int i = 0; i < count - 1; i++) {
			program.endIfEqual(i, positions.get(i));
		}
		program.end(positions.get(count - 1)).attach(socket, SO_ATTACH_REUSEPORT_CBPF);
	}

}
