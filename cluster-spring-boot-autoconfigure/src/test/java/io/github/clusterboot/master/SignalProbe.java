package io.github.clusterboot.master;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.github.clusterboot.master.loop.MasterLoop;
import io.github.clusterboot.os.NativeTransport;
import io.netty.channel.MultiThreadIoEventLoopGroup;

/**
 * A process whose cluster does not come to be: it handles signals and waits.
 */
public final class SignalProbe {

	private SignalProbe() {
	}

	/**
	 * Wait for signals.
	 * @param args a file whose appearance is waited for before signals are handled, if
	 * any
	 * @throws InterruptedException never
	 */
	public static void main(String[] args) throws InterruptedException {
		if (args.length > 0) {
			EarlyHangUp.ignore();
			System.out.println("about to become a master");
			while (!Files.exists(Path.of(args[0]))) {
				Thread.sleep(10);
			}
		}
		MasterLoop loop = new MasterLoop(
				new MultiThreadIoEventLoopGroup(1, NativeTransport.current().newIoHandlerFactory()).next());
		MasterSignals.handle(loop, new CompletableFuture<>(), ShutdownWatch.start(), Duration.ofSeconds(60));
		System.out.println("waiting");
		Thread.sleep(Duration.ofMinutes(1).toMillis());
	}

}
