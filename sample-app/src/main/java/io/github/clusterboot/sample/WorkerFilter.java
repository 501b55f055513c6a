package io.github.clusterboot.sample;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;

import io.github.clusterboot.Cluster;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Writes on each answer which worker gave it, and lets a hung worker's requests wait.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class WorkerFilter extends OncePerRequestFilter {

	static final String WORKER_ID_HEADER = "X-Worker-Id";

	private final CountDownLatch never = new CountDownLatch(1);

	private final Cluster cluster;

	private volatile boolean hung;

	WorkerFilter(Cluster cluster) {
		this.cluster = cluster;
	}

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		if (this.hung) {
			waitForever();
		}
		response.setHeader(WORKER_ID_HEADER, String.valueOf(this.cluster.getWorker().id()));
		chain.doFilter(request, response);
	}

	private void waitForever() throws ServletException {
		try {
			this.never.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new ServletException("The worker stops", ex);
		}
	}

	/**
	 * Let every further request wait for as long as this process lives.
	 */
	void hang() {
		this.hung = true;
	}

}
