package io.github.clusterboot.testapp;

import reactor.core.publisher.Mono;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;

/**
 * Records requests that have an id, and answers the id.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class RecordingFilter implements WebFilter {

	private final ObjectProvider<RequestRecords> records;

	RecordingFilter(ObjectProvider<RequestRecords> records) {
		this.records = records;
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		String id = exchange.getRequest().getHeaders().getFirst(RequestRecords.REQUEST_ID_HEADER);
		if (id != null) {
			this.records.ifAvailable((records) -> records.add(id));
			exchange.getResponse().getHeaders().set(RequestRecords.REQUEST_ID_HEADER, id);
		}
		return chain.filter(exchange);
	}

}
