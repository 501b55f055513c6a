package io.github.clusterboot.sample;

import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Requests that do harm to the worker that serves them, and to no other.
 */
@RestController
class TroubleController {

	private final WorkerFilter filter;

	TroubleController(WorkerFilter filter) {
		this.filter = filter;
	}

	@PostMapping("/crash")
	void crash(@RequestParam(defaultValue = "1") int code) {
		// No shutdown hook runs, no answer is sent: as near to a crash as Java comes.
		Runtime.getRuntime().halt(code);
	}

	@PostMapping("/hang")
	String hang() {
		this.filter.hang();
		return "From now on this worker answers nobody.\n";
	}

}
