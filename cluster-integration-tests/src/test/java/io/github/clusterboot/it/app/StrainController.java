package io.github.clusterboot.it.app;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

import io.github.clusterboot.Cluster;

import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Uses up what a process has. Each request answers the id of the worker that does it.
 */
@RestController
class StrainController {

	private final List<ByteBuffer> memory = new CopyOnWriteArrayList<>();

	private final Cluster cluster;

	StrainController(Cluster cluster) {
		this.cluster = cluster;
	}

	/**
	 * Take memory and keep it.
	 */
	@PostMapping("/grow")
	int grow(@RequestParam int megabytes) {
		for (int i = 0; i < megabytes; i++) {
			// not on the heap, whose size is limited; filled with zeros, so it is
			// resident
			this.memory.add(ByteBuffer.allocateDirect(1024 * 1024));
		}
		return id();
	}

	/**
	 * Keep every processor busy.
	 */
	@PostMapping("/burn")
	int burn(@RequestParam int seconds) {
		long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
		for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
			new Thread(() -> {
				while (System.nanoTime() < end) {
					Thread.onSpinWait();
				}
			}, "burn").start();
		}
		return id();
	}

	/**
	 * Loop for as long as the process lives.
	 */
	@PostMapping("/loop")
	int loop() {
		System.out.println("The loop begins in worker " + id());
		while (true) {
			Thread.onSpinWait();
		}
	}

	/**
	 * Keep the JVM from ending by {@link System#exit}.
	 */
	@PostMapping("/refuse-exit")
	int refuseExit() {
		Runtime.getRuntime().addShutdownHook(new Thread(() -> {
			try {
				new CountDownLatch(1).await();
			}
			catch (InterruptedException ex) {
				// nobody interrupts it
			}
		}, "refuse-exit"));
		return id();
	}

	private int id() {
		return this.cluster.getWorker().id();
	}

}
