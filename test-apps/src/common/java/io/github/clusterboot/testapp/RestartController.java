package io.github.clusterboot.testapp;

import io.github.clusterboot.Cluster;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Lets the server stop and start again while the application lives.
 */
@RestController
class RestartController {

	private final ConfigurableApplicationContext context;

	private final Cluster cluster;

	RestartController(ConfigurableApplicationContext context, Cluster cluster) {
		this.context = context;
		this.cluster = cluster;
	}

	@PostMapping("/restart-server")
	ResponseEntity<Void> restartServer() {
		Thread restart = new Thread(() -> {
			this.context.stop();
			this.context.start();
			System.out.println("The server has been restarted in process " + ProcessHandle.current().pid());
		}, "restart-server");
		// while the server has stopped, no other thread may keep the process alive
		restart.setDaemon(false);
		restart.start();
		return ResponseEntity.ok().header("X-Worker-Id", String.valueOf(this.cluster.getWorker().id())).build();
	}

}
