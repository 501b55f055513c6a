package io.github.clusterboot.testapp;

import java.util.Map;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.reactive.handler.SimpleUrlHandlerMapping;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.WebSocketMessage;

/**
 * A WebSocket that sends back what it gets.
 */
@Configuration(proxyBeanMethods = false)
class WebSocketConfiguration {

	@Bean
	HandlerMapping webSocketMapping() {
		WebSocketHandler echo = (session) -> session.send(
				session.receive().map(WebSocketMessage::getPayloadAsText).map(session::textMessage));
		return new SimpleUrlHandlerMapping(Map.of("/websocket", echo), Ordered.HIGHEST_PRECEDENCE);
	}

}
