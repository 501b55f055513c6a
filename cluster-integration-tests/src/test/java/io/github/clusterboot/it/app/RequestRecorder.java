package io.github.clusterboot.it.app;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Records which requests this process begins to execute, by the ids that the client has
 * given them, and answers the id. Nothing is buffered, so that the record outlives a
 * process that is killed.
 */
@Component
@ConditionalOnProperty("it.records")
@Order(Ordered.HIGHEST_PRECEDENCE)
public class RequestRecorder extends OncePerRequestFilter {

	private static final String REQUEST_ID_HEADER = "X-Request-Id";

	// a FileChannel would be closed by the interrupt of any thread that writes
	private final FileOutputStream file;

	RequestRecorder(@Value("${it.records}") Path directory) throws IOException {
		this.file = new FileOutputStream(directory.resolve(ProcessHandle.current().pid() + ".txt").toFile(), true);
	}

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		String id = request.getHeader(REQUEST_ID_HEADER);
		if (id != null) {
			// one write of one line: whole lines, whatever other threads do
			this.file.write((id + "\n").getBytes(StandardCharsets.US_ASCII));
			response.setHeader(REQUEST_ID_HEADER, id);
		}
		chain.doFilter(request, response);
	}

}
