package io.github.clusterboot.it;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * A WebSocket to an application under test.
 */
final class TestWebSocket implements WebSocket.Listener, AutoCloseable {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final CompletableFuture<String> text = new CompletableFuture<>();

	private final CompletableFuture<Integer> close = new CompletableFuture<>();

	private WebSocket socket;

	private TestWebSocket() {
	}

	static TestWebSocket open(int port) {
		TestWebSocket socket = new TestWebSocket();
		socket.socket = HttpClient.newHttpClient()
			.newWebSocketBuilder()
			.buildAsync(URI.create("ws://localhost:" + port + "/websocket"), socket)
			.join();
		return socket;
	}

	void send(String message) {
		this.socket.sendText(message, true).join();
	}

	String awaitText() {
		return this.text.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
	}

	/**
	 * Wait until the other side closes the connection in good order.
	 * @return the code that it gives
	 */
	int awaitClose() {
		return this.close.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
	}

	@Override
	public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
		this.text.complete(data.toString());
		socket.request(1);
		return null;
	}

	@Override
	public CompletionStage<?> onClose(WebSocket socket, int statusCode, String reason) {
		this.close.complete(statusCode);
		return null;
	}

	@Override
	public void onError(WebSocket socket, Throwable error) {
		this.close.completeExceptionally(error);
	}

	@Override
	public void close() {
		this.socket.abort();
	}

}
