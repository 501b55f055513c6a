package io.github.clusterboot.worker;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;

import io.github.clusterboot.ipc.FrameCodec;
import io.github.clusterboot.ipc.Message;
import io.github.clusterboot.ipc.ProtocolException;
import io.github.clusterboot.ipc.RunDirectory;

/**
 * Opens channels to the master that carry descriptors.
 */
final class OpenedChannel {

	private OpenedChannel() {
	}

	/**
	 * Open a channel. Blocks until the master has accepted it.
	 * @param directory the master's run directory
	 * @param opening says what the channel is for
	 * @param accepted the master's answer if it accepts it
	 * @return the channel, non-blocking, owned by the caller
	 * @throws IOException if the master does not accept it
	 */
	static SocketChannel open(RunDirectory directory, Message.FromWorker opening, Class<?> accepted)
			throws IOException {
		SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(directory.socket()));
		try {
			channel.write(ByteBuffer.wrap(FrameCodec.encode(opening)));
			DataInputStream in = new DataInputStream(Channels.newInputStream(channel));
			if (!accepted.isInstance(FrameCodec.read(in))) {
				throw new ProtocolException("The master has not opened the channel");
			}
			channel.configureBlocking(false);
			return channel;
		}
		catch (IOException ex) {
			channel.close();
			throw ex;
		}
	}

}
