package io.github.clusterboot.worker;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

import io.github.clusterboot.WorkerIdentity;
import io.github.clusterboot.ipc.FrameCodec;
import io.github.clusterboot.ipc.Message;
import io.github.clusterboot.ipc.RunDirectory;
import io.github.clusterboot.master.ChildJvm;

/**
 * Sends the master messages that the protocol does not allow, over a separate channel.
 */
final class ProtocolOffender {

	private static final long MILLIS_TO_GIVE_UP = 10_000;

	private ProtocolOffender() {
	}

	/**
	 * Open a channel and send something that a channel cannot begin with.
	 * @param directory the directory of the master's socket
	 * @param identity this worker
	 * @param mode what to send
	 * @return what the master does
	 */
	static String openAndOffend(RunDirectory directory, WorkerIdentity identity, String mode) {
		if (mode.equals("child")) {
			return openInChild(directory, identity);
		}
		try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(directory.socket()))) {
			return offend(channel, identity, mode);
		}
		catch (IOException ex) {
			// dropped before anything could be sent
			return "closed after 0 ms: " + ex;
		}
	}

	private static String openInChild(RunDirectory directory, WorkerIdentity identity) {
		List<String> command = ChildJvm.command(ProtocolOffender.class, List.of(), directory.path().toString(),
				String.valueOf(identity.id()));
		try {
			Process child = new ProcessBuilder(command).redirectErrorStream(true).start();
			return new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
		}
		catch (IOException ex) {
			return ex.toString();
		}
	}

	/**
	 * Open a channel from a process that is not a worker, but claims to be one.
	 * @param args the run directory and the id of a worker
	 */
	public static void main(String[] args) {
		System.out.println(openAndOffend(new RunDirectory(Path.of(args[0])),
				new WorkerIdentity(Integer.parseInt(args[1]), 0, 0, 1), "hello"));
	}

	/**
	 * Open this worker's control channel, then send something that is not allowed there,
	 * and do nothing more.
	 * @param directory the directory of the master's socket
	 * @param identity this worker
	 * @param mode what to send
	 * @throws IOException if the master does not accept the channel
	 */
	static void offend(RunDirectory directory, WorkerIdentity identity, String mode) throws IOException {
		SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(directory.socket()));
		send(channel, new Message.Hello(Message.PROTOCOL, identity.id()));
		if (!(FrameCodec.read(new DataInputStream(Channels.newInputStream(channel))) instanceof Message.Welcome)) {
			throw new IOException("The master does not welcome this worker");
		}
		System.out.println("offender " + identity.id() + ": " + offend(channel, identity, mode));
		try {
			// the process lives on until the master ends it
			Thread.sleep(Long.MAX_VALUE);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static String offend(SocketChannel channel, WorkerIdentity identity, String mode) throws IOException {
		switch (mode) {
			case "text" -> channel.write(ByteBuffer.wrap(bytes("GET / HTTP/1.1\r\n\r\n")));
			case "garbage" -> channel.write(frame("\u0000\u0001{{{"));
			case "empty" -> channel.write(ByteBuffer.allocate(4));
			case "oversized" -> channel.write(ByteBuffer.allocate(4).putInt(FrameCodec.MAX_LENGTH + 1).flip());
			case "negative" -> channel.write(ByteBuffer.allocate(4).putInt(-1).flip());
			case "half" -> channel.write(ByteBuffer.allocate(6).putInt(100).put(bytes("\0\0")).flip());
			case "half-length" -> channel.write(ByteBuffer.allocate(2));
			case "unknown" -> channel.write(frame("\0\0\0\7Nothing"));
			case "too-long" -> channel.write(frame("\0\0\0\10Draining\0more"));
			case "masters" -> send(channel, new Message.Drain(true));
			case "not-first" -> send(channel, new Message.Readiness(true));
			case "hello" -> send(channel, new Message.Hello(Message.PROTOCOL, identity.id()));
			case "version" -> send(channel, new Message.Hello(Message.PROTOCOL + 1, identity.id()));
			case "other-worker" -> send(channel, new Message.Hello(Message.PROTOCOL, identity.id() + 1));
			case "no-listener" -> send(channel, new Message.OpenHandover(Message.PROTOCOL, identity.id(), "none"));
			case "handover-bytes" -> {
				return openHandoverAndSendBytes(channel, identity);
			}
			case "flood" -> floodAndDie(channel);
			default -> throw new IllegalArgumentException(mode);
		}
		return awaitEnd(channel);
	}

	private static String openHandoverAndSendBytes(SocketChannel channel, WorkerIdentity identity) throws IOException {
		send(channel, new Message.OpenHandover(Message.PROTOCOL, identity.id(), "server"));
		FrameCodec.read(new DataInputStream(Channels.newInputStream(channel)));
		channel.write(ByteBuffer.wrap(bytes("bytes instead of a descriptor")));
		return "sent";
	}

	/**
	 * Ask for more answers than the channel holds, read none, and die: the master then
	 * writes into a channel that is no longer read.
	 */
	private static void floodAndDie(SocketChannel channel) throws IOException {
		for (int i = 1; i <= 3000; i++) {
			send(channel, new Message.ViewQuery(i));
		}
		Runtime.getRuntime().halt(99);
	}

	private static void send(SocketChannel channel, Message message) throws IOException {
		channel.write(ByteBuffer.wrap(FrameCodec.encode(message)));
	}

	private static ByteBuffer frame(String message) {
		byte[] bytes = bytes(message);
		return ByteBuffer.allocate(4 + bytes.length).putInt(bytes.length).put(bytes).flip();
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	/**
	 * Wait until the master closes the channel.
	 * @return how long that took, as text
	 */
	private static String awaitEnd(SocketChannel channel) {
		long start = System.nanoTime();
		Thread guard = new Thread(() -> giveUp(channel));
		guard.setDaemon(true);
		guard.start();
		try {
			while (channel.read(ByteBuffer.allocate(8192)) >= 0) {
				// the master may have sent something before
			}
		}
		catch (AsynchronousCloseException ex) {
			return "not closed";
		}
		catch (IOException ex) {
			// reset: the master has not read all that was sent
		}
		return "closed after " + (System.nanoTime() - start) / 1_000_000 + " ms";
	}

	private static void giveUp(SocketChannel channel) {
		try {
			// the ceiling of the wait above
			Thread.sleep(MILLIS_TO_GIVE_UP);
			channel.close();
		}
		catch (IOException | InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
