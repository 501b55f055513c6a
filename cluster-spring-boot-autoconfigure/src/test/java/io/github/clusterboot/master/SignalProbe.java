package io.github.clusterboot.master;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.github.clusterboot.ipc.NativeTransport;
import io.netty.channel.MultiThreadIoEventLoopGroup;

/**
 * A process whose cluster does not come to be: it handles signals and waits.
 */
public final class SignalProbe {

	private SignalProbe() {
	}

	/**
	 * Wait for signals.
	 * @param args ignored
	 * @throws InterruptedException never
	 */
	public static void main(String[] args) throws InterruptedException {
		MasterLoop loop = new MasterLoop(
				new MultiThreadIoEventLoopGroup(1, NativeTransport.current().newIoHandlerFactory()).next());
		MasterSignals.handle(loop, new CompletableFuture<>(), ShutdownWatch.start(new Workers()),
				Duration.ofSeconds(60));
		System.out.println("waiting");
		Thread.sleep(Duration.ofMinutes(1).toMillis());
	}

}
