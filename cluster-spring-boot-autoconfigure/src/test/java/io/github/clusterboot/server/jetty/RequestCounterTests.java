package io.github.clusterboot.server.jetty;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.awaitility.Awaitility;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.web.server.Http2;
import org.springframework.boot.web.server.WebServer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RequestCounter}.
 */
@Timeout(30)
class RequestCounterTests {

	private final AtomicLong begun = new AtomicLong();

	private final AtomicLong completed = new AtomicLong();

	private final CountDownLatch released = new CountDownLatch(1);

	private WebServer server;

	@BeforeEach
	void start() {
		JettyServletWebServerFactory factory = new JettyServletWebServerFactory(0);
		Http2 http2 = new Http2();
		http2.setEnabled(true);
		factory.setHttp2(http2);
		factory.addServerCustomizers(
				(server) -> server.getConnectors()[0].getConnectionFactory(HttpConnectionFactory.class)
					.getHttpConfiguration()
					.addCustomizer(new RequestCounter(this.begun::incrementAndGet, this.completed::incrementAndGet)));
		this.server = factory.getWebServer((context) -> {
			ServletRegistration.Dynamic registration = context.addServlet("servlet", new Servlet());
			registration.setAsyncSupported(true);
			registration.addMapping("/*");
		});
		this.server.start();
	}

	@AfterEach
	void stop() {
		this.released.countDown();
		this.server.stop();
		this.server.destroy();
	}

	@ParameterizedTest
	@CsvSource({ "/plain,200", "/error,400", "/exception,500", "/complete,200", "/complete-later,200", "/dispatch,200",
			"/dispatch-later,200", "/dispatch-twice,200", "/async-error,500", "/timeout,500" })
	void customizeCountsEachRequestOnce(String path, int status) throws Exception {
		countsEachRequestOnce(HttpClient.Version.HTTP_1_1, path, status);
	}

	@ParameterizedTest
	@CsvSource({ "/plain,200", "/exception,500", "/complete-later,200", "/dispatch-twice,200" })
	void customizeCountsEachHttp2RequestOnce(String path, int status) throws Exception {
		countsEachRequestOnce(HttpClient.Version.HTTP_2, path, status);
	}

	private void countsEachRequestOnce(HttpClient.Version version, String path, int status) throws Exception {
		HttpClient client = HttpClient.newBuilder().version(version).build();
		for (int round = 1; round <= 3; round++) {
			HttpResponse<String> answer = client.send(request(path), BodyHandlers.ofString());
			assertThat(answer.statusCode()).isEqualTo(status);
			assertThat(answer.version()).isEqualTo(version);
			awaitCompleted(round);
			assertThat(this.begun).hasValue(round);
		}
	}

	@Test
	void customizeWhenARequestIsUnderWayCountsItAsBegun() throws Exception {
		CompletableFuture<HttpResponse<String>> answer = HttpClient.newHttpClient()
			.sendAsync(request("/wait"), BodyHandlers.ofString());
		Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> this.begun.get() == 1);
		assertThat(this.completed).hasValue(0);
		this.released.countDown();
		assertThat(answer.get().statusCode()).isEqualTo(200);
		awaitCompleted(1);
	}

	@Test
	void customizeWhenAnAsynchronousRequestIsUnderWayCountsItAsBegun() throws Exception {
		CompletableFuture<HttpResponse<String>> answer = HttpClient.newHttpClient()
			.sendAsync(request("/wait-later"), BodyHandlers.ofString());
		Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> this.begun.get() == 1);
		assertThat(this.completed).hasValue(0);
		this.released.countDown();
		assertThat(answer.get().statusCode()).isEqualTo(200);
		awaitCompleted(1);
	}

	@Test
	void customizeWhenTheClientGoesAwayCountsTheRequestAsCompleted() throws Exception {
		try (Socket socket = new Socket("127.0.0.1", port())) {
			socket.getOutputStream()
				.write("GET /wait-later HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
			Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> this.begun.get() == 1);
		}
		this.released.countDown();
		awaitCompleted(1);
	}

	private void awaitCompleted(int count) {
		Awaitility.await()
			.atMost(Duration.ofSeconds(5))
			.untilAsserted(() -> assertThat(this.completed).hasValue(count));
	}

	private HttpRequest request(String path) {
		return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path)).build();
	}

	private int port() {
		return this.server.getPort();
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
				RequestCounterTests.this.released.await(10, TimeUnit.SECONDS);
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

}
