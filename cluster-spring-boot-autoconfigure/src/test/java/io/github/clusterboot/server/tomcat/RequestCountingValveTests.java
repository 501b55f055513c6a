package io.github.clusterboot.server.tomcat;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.catalina.Context;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RequestCountingValve}.
 */
@Timeout(30)
class RequestCountingValveTests {

	@TempDir
	Path directory;

	private final AtomicLong begun = new AtomicLong();

	private final AtomicLong completed = new AtomicLong();

	private final CountDownLatch released = new CountDownLatch(1);

	private final AtomicBoolean counted = new AtomicBoolean(true);

	private final Tomcat tomcat = new Tomcat();

	private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	@BeforeEach
	void start() throws Exception {
		this.tomcat.setBaseDir(this.directory.toString());
		Connector connector = new Connector();
		connector.setPort(0);
		this.tomcat.setConnector(connector);
		this.tomcat.getEngine()
			.getPipeline()
			.addValve(new RequestCountingValve((candidate) -> candidate == connector && this.counted.get(),
					this.begun::incrementAndGet, this.completed::incrementAndGet));
		Context context = this.tomcat.addContext("", null);
		Tomcat.addServlet(context, "servlet", new Servlet()).setAsyncSupported(true);
		context.addServletMappingDecoded("/*", "servlet");
		this.tomcat.start();
	}

	@AfterEach
	void stop() throws Exception {
		this.released.countDown();
		this.tomcat.stop();
		this.tomcat.destroy();
	}

	@ParameterizedTest
	@CsvSource({ "/plain,200", "/error,400", "/exception,500", "/complete,200", "/complete-later,200", "/dispatch,200",
			"/dispatch-later,200", "/dispatch-twice,200", "/async-error,500", "/timeout,500" })
	void invokeCountsEachRequestOnce(String path, int status) throws Exception {
		for (int round = 1; round <= 3; round++) {
			assertThat(get(path)).isEqualTo(status);
			awaitCompleted(round);
			assertThat(this.begun).hasValue(round);
		}
	}

	@Test
	void invokeWhenARequestIsUnderWayCountsItAsBegun() throws Exception {
		CompletableFuture<HttpResponse<String>> answer = this.client.sendAsync(request("/wait"),
				BodyHandlers.ofString());
		Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> this.begun.get() == 1);
		assertThat(this.completed).hasValue(0);
		this.released.countDown();
		assertThat(answer.get().statusCode()).isEqualTo(200);
		awaitCompleted(1);
	}

	@Test
	void invokeWhenAnAsynchronousRequestIsUnderWayCountsItAsBegun() throws Exception {
		CompletableFuture<HttpResponse<String>> answer = this.client.sendAsync(request("/wait-later"),
				BodyHandlers.ofString());
		Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> this.begun.get() == 1);
		assertThat(this.completed).hasValue(0);
		this.released.countDown();
		assertThat(answer.get().statusCode()).isEqualTo(200);
		awaitCompleted(1);
	}

	@Test
	void invokeWhenTheClientGoesAwayCountsTheRequestAsCompleted() throws Exception {
		try (Socket socket = new Socket("127.0.0.1", port())) {
			socket.getOutputStream()
				.write("GET /wait-later HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
			Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> this.begun.get() == 1);
		}
		this.released.countDown();
		awaitCompleted(1);
	}

	@Test
	void invokeWhenTheConnectorIsNotCountedCountsNothing() throws Exception {
		this.counted.set(false);
		assertThat(get("/plain")).isEqualTo(200);
		assertThat(get("/dispatch-later")).isEqualTo(200);
		this.counted.set(true);
		assertThat(get("/plain")).isEqualTo(200);
		awaitCompleted(1);
		assertThat(this.begun).hasValue(1);
	}

	private void awaitCompleted(int count) {
		Awaitility.await()
			.atMost(Duration.ofSeconds(5))
			.untilAsserted(() -> assertThat(this.completed).hasValue(count));
	}

	private int get(String path) throws Exception {
		return this.client.send(request(path), BodyHandlers.ofString()).statusCode();
	}

	private HttpRequest request(String path) {
		return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path)).build();
	}

	private int port() {
		return this.tomcat.getConnector().getLocalPort();
	}

	private final class Servlet extends HttpServlet {

		@Override
		protected void doGet(HttpServletRequest request, HttpServletResponse response)
				throws ServletException, IOException {
			if (request.getDispatcherType() == DispatcherType.ASYNC) {
				answerDispatched(request, response);
				return;
			}
			switch (request.getRequestURI()) {
				case "/error" -> response.sendError(400);
				case "/exception" -> throw new ServletException("Expected");
				case "/wait" -> awaitRelease();
				case "/complete" -> request.startAsync().complete();
				case "/complete-later" -> later(request.startAsync(), AsyncContext::complete);
				case "/wait-later" -> later(request.startAsync(), (context) -> {
					awaitRelease();
					context.complete();
				});
				case "/dispatch" -> request.startAsync().dispatch();
				case "/dispatch-later", "/dispatch-twice" -> later(request.startAsync(), AsyncContext::dispatch);
				case "/async-error" -> later(request.startAsync(), (context) -> {
					sendError(response);
					context.complete();
				});
				case "/timeout" -> request.startAsync().setTimeout(50);
				default -> response.getWriter().print("plain");
			}
		}

		private void answerDispatched(HttpServletRequest request, HttpServletResponse response) throws IOException {
			if (request.getRequestURI().equals("/dispatch-twice") && request.getAttribute("again") == null) {
				request.setAttribute("again", true);
				later(request.startAsync(), AsyncContext::dispatch);
			}
			else {
				response.getWriter().print("dispatched");
			}
		}

		private void later(AsyncContext context, Consumer<AsyncContext> action) {
			new Thread(() -> action.accept(context)).start();
		}

		private void sendError(HttpServletResponse response) {
			try {
				response.sendError(500);
			}
			catch (IOException ex) {
				throw new IllegalStateException(ex);
			}
		}

		private void awaitRelease() {
			try {
				RequestCountingValveTests.this.released.await(10, TimeUnit.SECONDS);
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

}
