package io.github.clusterboot.testapp;

import java.io.IOException;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Records requests that have an id, and answers the id.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class RecordingFilter extends OncePerRequestFilter {

	private final ObjectProvider<RequestRecords> records;

	RecordingFilter(ObjectProvider<RequestRecords> records) {
		this.records = records;
	}

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		String id = request.getHeader(RequestRecords.REQUEST_ID_HEADER);
		if (id != null) {
			this.records.ifAvailable((records) -> records.add(id));
			response.setHeader(RequestRecords.REQUEST_ID_HEADER, id);
		}
		chain.doFilter(request, response);
	}

}
