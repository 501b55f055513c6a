package io.github.clusterboot.testapp;

import jakarta.servlet.http.HttpServletRequest;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Tells how the application sees the connection.
 */
@RestController
class ConnectionController {

	@GetMapping("/connection")
	String connection(HttpServletRequest request) {
		return String.join(" ", request.getRemoteAddr(), String.valueOf(request.getRemotePort()),
				request.getLocalAddr(), String.valueOf(request.getLocalPort()), request.getScheme());
	}

}
