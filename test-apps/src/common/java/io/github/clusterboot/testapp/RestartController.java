package io.github.clusterboot.testapp;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Lets the server stop and start again while the application lives.
 */
@RestController
class RestartController {

	private final ConfigurableApplicationContext context;

	RestartController(ConfigurableApplicationContext context) {
		this.context = context;
	}

	@PostMapping("/restart-server")
	String restartServer() {
		new Thread(() -> {
			this.context.stop();
			this.context.start();
			System.out.println("The server has been restarted in process " + ProcessHandle.current().pid());
		}, "restart-server").start();
		return "ok";
	}

}
