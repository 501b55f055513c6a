package io.github.clusterboot.sample;

import java.io.IOException;

import io.github.clusterboot.Cluster;
import io.github.clusterboot.WorkerIdentity;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Requests that a worker serves, quickly and slowly.
 */
@RestController
class WorkerController {

	private final Cluster cluster;

	WorkerController(Cluster cluster) {
		this.cluster = cluster;
	}

	@GetMapping("/worker")
	AnsweringWorker worker() {
		WorkerIdentity worker = this.cluster.getWorker();
		return new AnsweringWorker(worker.id(), worker.index(), worker.pid());
	}

	@GetMapping("/slow")
	AnsweringWorker slow(@RequestParam(defaultValue = "2000") long millis) throws InterruptedException {
		Thread.sleep(millis);
		return worker();
	}

	// Message converters would parse a form; the streams have the bytes as they came.
	@PostMapping("/echo")
	void echo(HttpServletRequest request, HttpServletResponse response) throws IOException {
		byte[] body = request.getInputStream().readAllBytes();
		response.setContentType(request.getContentType());
		response.setContentLength(body.length);
		response.getOutputStream().write(body);
	}

	record AnsweringWorker(int id, int index, long pid) {

	}

}
