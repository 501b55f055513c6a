package io.github.clusterboot.sample;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

import io.github.clusterboot.Cluster;
import io.github.clusterboot.ClusterRole;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.io.Resource;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * The page for people. It says which worker answered and watches the cluster from the
 * browser.
 */
@RestController
class PageController {

	private final Cluster cluster;

	private final String page;

	PageController(Cluster cluster, @Value("classpath:page.html") Resource page) throws IOException {
		this.cluster = cluster;
		this.page = page.getContentAsString(StandardCharsets.UTF_8);
	}

	@GetMapping(path = "/", produces = MediaType.TEXT_HTML_VALUE + ";charset=UTF-8")
	String page() {
		boolean standalone = this.cluster.getRole() == ClusterRole.STANDALONE;
		String answeredBy = standalone ? "one process, no cluster" : this.cluster.getWorker().toString();
		return this.page.replace("{{answeredBy}}", answeredBy);
	}

}
