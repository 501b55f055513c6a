package io.github.clusterboot.it.load;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/**
 * A server that does something else with each request, in an order that is set, and ends
 * after the last. It serves one connection at a time.
 */
final class ScriptedServer implements AutoCloseable {

	private final ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());

	private final Iterator<Step> steps;

	ScriptedServer(List<Step> steps) throws IOException {
		this.steps = steps.iterator();
		new Thread(this::serve, "scripted-server").start();
	}

	int port() {
		return this.server.getLocalPort();
	}

	private void serve() {
		while (this.steps.hasNext()) {
			try (Socket connection = this.server.accept()) {
				serve(connection);
			}
			catch (IOException ex) {
				// the client counts what it has seen
			}
		}
		close();
	}

	private void serve(Socket connection) throws IOException {
		InputStream in = new BufferedInputStream(connection.getInputStream());
		while (this.steps.hasNext() && !connection.isClosed()) {
			Request request = Request.read(in);
			if (request == null) {
				return;
			}
			Step step = this.steps.next();
			if (!this.steps.hasNext()) {
				close();
			}
			step.serve(request, connection);
		}
	}

	@Override
	public void close() {
		try {
			this.server.close();
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * What is done with one request.
	 */
	interface Step {

		void serve(Request request, Socket connection) throws IOException;

		static Step answer(String status, String... headers) {
			return (request, connection) -> connection.getOutputStream()
				.write(request.answer(status, request.body(), headers));
		}

		/**
		 * Send a part of a good answer and close the connection in good order.
		 */
		static Step answerAndClose(int length) {
			return (request, connection) -> {
				byte[] answer = request.answer("200 OK", request.body());
				connection.getOutputStream().write(answer, 0, Math.min(length, answer.length));
				connection.close();
			};
		}

		static Step answerOtherBody() {
			return (request, connection) -> connection.getOutputStream()
				.write(request.answer("200 OK", new byte[request.body().length]));
		}

		static Step reset() {
			return (request, connection) -> {
				connection.setSoLinger(true, 0);
				connection.close();
			};
		}

		/**
		 * Send nothing and wait for the client to give up.
		 */
		static Step remainSilent() {
			return (request, connection) -> {
				connection.getInputStream().read();
				connection.close();
			};
		}

	}

	/**
	 * A request as it came.
	 *
	 * @param id its id
	 * @param body its body
	 */
	record Request(String id, byte[] body) {

		static Request read(InputStream in) throws IOException {
			StringBuilder head = new StringBuilder();
			while (head.indexOf("\r\n\r\n") == -1) {
				int next = in.read();
				if (next == -1) {
					return null;
				}
				head.append((char) next);
			}
			String length = header(head, "Content-Length: ", "0");
			return new Request(header(head, "X-Request-Id: ", ""), in.readNBytes(Integer.parseInt(length)));
		}

		private static String header(CharSequence head, String prefix, String fallback) {
			return head.toString()
				.lines()
				.filter((line) -> line.startsWith(prefix))
				.map((line) -> line.substring(prefix.length()))
				.findFirst()
				.orElse(fallback);
		}

		private byte[] answer(String status, byte[] body, String... headers) {
			StringBuilder head = new StringBuilder(
					"HTTP/1.1 " + status + "\r\nContent-Length: " + body.length + "\r\n");
			if (Arrays.stream(headers).noneMatch((header) -> header.startsWith("X-Request-Id"))) {
				head.append("X-Request-Id: ").append(this.id).append("\r\n");
			}
			Arrays.stream(headers).forEach((header) -> head.append(header).append("\r\n"));
			byte[] bytes = head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
			byte[] answer = Arrays.copyOf(bytes, bytes.length + body.length);
			System.arraycopy(body, 0, answer, bytes.length, body.length);
			return answer;
		}

	}

}
