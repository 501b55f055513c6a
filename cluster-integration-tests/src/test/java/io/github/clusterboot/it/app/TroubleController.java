package io.github.clusterboot.it.app;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

import io.github.clusterboot.Cluster;

import org.springframework.boot.ApplicationArguments;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Does what an application should not do, or seldom does. Each request answers the id of
 * the worker that does it.
 */
@RestController
class TroubleController {

	private final Cluster cluster;

	private final ConfigurableApplicationContext context;

	private final ApplicationArguments arguments;

	TroubleController(Cluster cluster, ConfigurableApplicationContext context, ApplicationArguments arguments) {
		this.cluster = cluster;
		this.context = context;
		this.arguments = arguments;
	}

	/**
	 * Stop the server, and all else that has a life cycle, and start it again when a file
	 * is there.
	 */
	@PostMapping("/restart-server")
	int restartServer(@RequestParam Path when) {
		new Thread(() -> {
			this.context.stop();
			System.out.println("The context is stopped in worker " + id());
			while (Files.notExists(when)) {
				LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
			}
			this.context.start();
			System.out.println("The context is started again in worker " + id());
		}, "restart-server").start();
		return id();
	}

	/**
	 * Close the context and run the application again in the same process, as devtools
	 * does.
	 */
	@PostMapping("/replace-context")
	int replaceContext() {
		Thread thread = new Thread(() -> {
			this.context.close();
			TestApplication.main(this.arguments.getSourceArgs());
		}, "replace-context");
		// unlike the server's threads: the process is to live on without a server
		thread.setDaemon(false);
		thread.start();
		return id();
	}

	/**
	 * Print lines of one character.
	 */
	@PostMapping("/print")
	int print(@RequestParam int lines, @RequestParam int length) {
		String line = String.valueOf((char) ('A' + id())).repeat(length);
		for (int i = 0; i < lines; i++) {
			System.out.println(line);
		}
		return id();
	}

	private int id() {
		return this.cluster.getWorker().id();
	}

}
