package io.github.clusterboot.master.dispatch;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import org.jspecify.annotations.Nullable;

/**
 * The client's address decides. A connection waits while its worker is full; if that
 * worker does not take its connections, or drains, or dies, its clients go to others.
 * <p>
 * This is rendezvous hashing: each worker has a weight for each address, and the address
 * goes to the worker of the highest, so that the clients of one worker alone change when
 * it leaves. The weight depends on the worker's index, which a replacement takes over.
 */
final class SourceHashScheduler implements Scheduler {

	/**
	 * For connections whose client is gone already.
	 */
	private final Scheduler others = new RoundRobinScheduler();

	@Override
	public @Nullable Handover choose(List<Handover> handovers, FileDescriptor connection) {
		InetSocketAddress client = new Socket(connection.intValue()).remoteAddress();
		return (client != null) ? choose(handovers, client.getAddress()) : this.others.choose(handovers, connection);
	}

	@Nullable Handover choose(List<Handover> handovers, InetAddress client) {
		long hash = hash(client);
		Handover choice = null;
		long highest = Long.MIN_VALUE;
		for (Handover handover : handovers) {
			long weight = mix(hash + handover.receiver().index());
			if (handover.isServed() && !handover.isPassedOver() && weight >= highest) {
				choice = handover;
				highest = weight;
			}
		}
		return (choice != null && choice.hasRoom()) ? choice : null;
	}

	private static long hash(InetAddress client) {
		long hash = 0;
		for (byte octet : client.getAddress()) {
			hash = mix(hash + octet);
		}
		return hash;
	}

	/**
	 * Have each bit of the value change each bit of the result with the same probability.
	 * The function is that of {@link java.util.SplittableRandom}, from David Stafford.
	 */
	private static long mix(long value) {
		long mixed = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
		mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
		return mixed ^ (mixed >>> 31);
	}

}
