package io.github.clusterboot.server.netty;

import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;

import io.github.clusterboot.server.AbstractServerDrainTests;
import io.github.clusterboot.worker.ListenerNames;
import io.github.clusterboot.worker.MasterLink;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.resources.LoopResources;

import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.Compression;
import org.springframework.boot.web.server.Http2;
import org.springframework.boot.web.server.WebServer;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.MediaType;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.atLeastOnce;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;

/**
 * Tests for {@link NettyDrain} and what belongs to it.
 */
class NettyDrainTests extends AbstractServerDrainTests {

	private MasterLink link;

	private @Nullable WebServer server;

	@Override
	protected void startServer(MasterLink link) {
		this.link = link;
		StaticListableBeanFactory beans = new StaticListableBeanFactory();
		beans.addBean("link", link);
		NettyReactiveWebServerFactory factory = new NettyReactiveWebServerFactory(0);
		Http2 http2 = new Http2();
		http2.setEnabled(true);
		factory.setHttp2(http2);
		Compression compression = new Compression();
		compression.setEnabled(true);
		compression.setMinResponseSize(DataSize.ofBytes(1));
		compression.setMimeTypes(new String[] { "text/plain" });
		factory.setCompression(compression);
		new ClusterNettyCustomizer(beans.getBeanProvider(MasterLink.class),
				beans.getBeanProvider(ReactorResourceFactory.class), new ListenerNames("server", Set.of()))
			.customize(factory);
		this.server = factory.getWebServer(this::handle);
		this.server.start();
	}

	@Override
	protected void stopServer() {
		if (this.server != null) {
			this.server.stop();
			this.server = null;
		}
	}

	@Override
	protected int selectors() {
		return LoopResources.DEFAULT_IO_WORKER_COUNT;
	}

	private Mono<Void> handle(ServerHttpRequest request, ServerHttpResponse response) {
		String path = request.getPath().value();
		Mono<DataBuffer> body = Mono
			.fromSupplier(() -> response.bufferFactory().wrap(path.getBytes(StandardCharsets.US_ASCII)));
		response.getHeaders().setContentType(MediaType.TEXT_PLAIN);
		if (path.equals("/chunks")) {
			return response.writeWith(Flux.concat(body, Flux.empty()));
		}
		response.getHeaders().setContentLength(path.length());
		if (path.equals("/wait")) {
			return response
				.writeWith(Mono.fromRunnable(this::await).subscribeOn(Schedulers.boundedElastic()).then(body));
		}
		return response.writeWith(body);
	}

	private void await() {
		this.executing.countDown();
		try {
			this.gate.await();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void startTellsTheMastersPort() {
		assertThat(this.server).isNotNull();
		assertThat(this.server.getPort()).isEqualTo(this.master.port());
	}

	@Test
	void endWithNextAnswerWhenRequestsAreInAPipelineAnswersAll() throws Exception {
		Socket client = connect();
		send(client, "/wait");
		this.executing.await();
		send(client, "/2");
		send(client, "/3");
		// the server has read both when it has answered a client that came later
		assertThat(exchange(connect(), "/")).endsWith("/");
		this.drain.endWithNextAnswer();
		this.gate.countDown();
		assertThat(answer(client)).endsWith("/wait");
		assertThat(answer(client)).endsWith("/2");
		assertThat(answer(client)).containsIgnoringCase("Connection: close\r\n").endsWith("/3");
		assertThat(client.getInputStream().read()).isEqualTo(-1);
	}

	@Test
	void answerCountsRequestsAndConnections() throws Exception {
		Socket client = connect();
		assertThat(exchange(client, "/1")).endsWith("/1");
		assertThat(exchange(client, "/2")).endsWith("/2");
		Awaitility.await().untilAsserted(() -> verify(this.link, times(2)).requestCompleted());
		verify(this.link, times(2)).requestBegun();
		assertThat(this.master.open()).isOne();
		client.close();
		Awaitility.await().untilAsserted(() -> assertThat(this.master.open()).isZero());
	}

	@Test
	void stopForgetsTheServer() {
		stopServer();
		Awaitility.await().untilAsserted(() -> verify(this.link, atLeastOnce()).remove(any()));
	}

}
