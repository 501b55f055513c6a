package io.github.clusterboot.it.app;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

import io.github.clusterboot.Cluster;
import io.github.clusterboot.WorkerIdentity;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.ApplicationArguments;
import org.springframework.util.StreamUtils;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Tells of the process, of the connection and of a child process.
 */
@RestController
class ProcessController {

	private final Cluster cluster;

	private final ApplicationArguments arguments;

	ProcessController(Cluster cluster, ApplicationArguments arguments) {
		this.cluster = cluster;
		this.arguments = arguments;
	}

	@GetMapping("/process")
	ProcessReport process(@Value("${local.server.port}") int port) {
		WorkerIdentity worker = this.cluster.getWorker();
		Map<String, String> environment = new TreeMap<>(System.getenv());
		environment.keySet().removeIf((name) -> !name.startsWith("IT_"));
		return new ProcessReport(this.cluster.getRole().name(), worker.id(), worker.index(), worker.pid(), port,
				Arrays.asList(this.arguments.getSourceArgs()), Path.of("").toAbsolutePath().toString(), environment);
	}

	@GetMapping("/connection")
	ConnectionReport connection(HttpServletRequest request) {
		return new ConnectionReport(request.getRemoteAddr(), request.getRemotePort(), request.getLocalAddr(),
				request.getLocalPort(), request.getServerPort());
	}

	/**
	 * Run an application in a process of its own, as an application may.
	 */
	@PostMapping("/child")
	String child() throws IOException {
		Path java = Path.of(System.getProperty("java.home"), "bin", "java");
		Process child = new ProcessBuilder(java.toString(), "-cp", System.getProperty("java.class.path"),
				ChildApplication.class.getName(), "--cluster.enabled=false")
			.redirectErrorStream(true)
			.start();
		return StreamUtils.copyToString(child.getInputStream(), Charset.defaultCharset());
	}

}
