package io.github.clusterboot.testapp;

import java.net.InetSocketAddress;
import java.util.Objects;

import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Tells how the application sees the connection.
 */
@RestController
class ConnectionController {

	@GetMapping("/connection")
	String connection(ServerHttpRequest request) {
		InetSocketAddress remote = Objects.requireNonNull(request.getRemoteAddress());
		InetSocketAddress local = Objects.requireNonNull(request.getLocalAddress());
		return String.join(" ", remote.getAddress().getHostAddress(), String.valueOf(remote.getPort()),
				local.getAddress().getHostAddress(), String.valueOf(local.getPort()), request.getURI().getScheme());
	}

}
