package io.github.clusterboot.testapp;

import java.time.Duration;

import reactor.core.publisher.Flux;

import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Sends events one after the other.
 */
@RestController
class EventController {

	@GetMapping("/events")
	Flux<ServerSentEvent<String>> events(@RequestParam int count, @RequestParam long millis) {
		return Flux.interval(Duration.ZERO, Duration.ofMillis(millis))
			.take(count)
			.map((number) -> ServerSentEvent.builder("event " + number).build());
	}

}
