package io.github.clusterboot.worker;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;

import io.github.clusterboot.ipc.RunDirectory;
import io.github.clusterboot.os.FileState;
import io.github.clusterboot.os.NativeTransport;
import io.netty.channel.unix.Socket;

/**
 * Connects to the master.
 */
final class MasterSocket {

	private MasterSocket() {
	}

	/**
	 * Connect. The run directory may have been deleted, and another user may have created
	 * one of the same name, so the kernel is asked who listens.
	 * @param directory the master's run directory
	 * @return the channel, blocking, owned by the caller
	 * @throws IOException if there is no master, or another user listens there
	 */
	static SocketChannel connect(RunDirectory directory) throws IOException {
		SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(directory.socket()));
		try {
			int uid = NativeTransport.current().peer(new Socket(SocketChannels.descriptorOf(channel))).uid();
			if (!FileState.isOwn(uid)) {
				throw new IOException("Another user, " + uid + ", listens at " + directory.socket());
			}
			return channel;
		}
		catch (IOException | RuntimeException | Error ex) {
			channel.close();
			throw ex;
		}
	}

}
