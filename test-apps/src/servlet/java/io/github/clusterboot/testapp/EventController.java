package io.github.clusterboot.testapp;

import java.io.IOException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Sends events one after the other.
 */
@RestController
class EventController {

	private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor((task) -> {
		Thread thread = new Thread(task, "events");
		thread.setDaemon(true);
		return thread;
	});

	@GetMapping("/events")
	SseEmitter events(@RequestParam int count, @RequestParam long millis) {
		SseEmitter emitter = new SseEmitter();
		for (int i = 0; i < count; i++) {
			int number = i;
			this.executor.schedule(() -> send(emitter, number, count), millis * i, TimeUnit.MILLISECONDS);
		}
		return emitter;
	}

	private static void send(SseEmitter emitter, int number, int count) {
		try {
			emitter.send(SseEmitter.event().data("event " + number));
			if (number == count - 1) {
				emitter.complete();
			}
		}
		catch (IOException | IllegalStateException ex) {
			emitter.completeWithError(ex);
		}
	}

}
