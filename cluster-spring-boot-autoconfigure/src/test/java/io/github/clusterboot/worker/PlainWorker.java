package io.github.clusterboot.worker;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import io.github.clusterboot.WorkerIdentity;
import io.github.clusterboot.ipc.RunDirectory;
import org.jspecify.annotations.Nullable;
import sun.misc.Signal;

/**
 * A worker without Spring and Tomcat, which starts quickly. It listens on 127.0.0.1, on
 * port 0 or {@code plain.port}. For each connection, one after another, it does what the
 * path says and answers with its id in an HTTP response. The paths are those of
 * {@link PlainAnswers}, and these about the worker itself:
 * <ul>
 * <li>{@code /leave/CODE} answer, and then leave like an application that closes its
 * context
 * <li>{@code /hand-back} say that more is to come, and hand the connection back
 * <li>{@code /relisten} answer, close the server, and listen again
 * </ul>
 * System properties make it behave badly for its whole life:
 * <ul>
 * <li>{@code plain.fail=CODE} exit with that code instead of getting ready
 * <li>{@code plain.fail-if=FILE} the same, with code 1, if the file exists
 * <li>{@code plain.never-ready} never get ready
 * <li>{@code plain.never-ready-if=FILE} the same if the file exists
 * <li>{@code plain.refuse-if=FILE} refuse traffic, once the master knows that it is
 * ready, if the file exists
 * <li>{@code plain.leave-if=FILE} get ready, and leave with 0 if the file exists
 * <li>{@code plain.slow-start=FILE} do not get ready before the file is gone
 * <li>{@code plain.deaf} hang in a shutdown hook
 * <li>{@code plain.last-words=TEXT} print a text in a shutdown hook
 * <li>{@code plain.concurrent} serve connections at the same time, each on a thread
 * <li>{@code plain.hold=FILE} take no connection while the file exists
 * <li>{@code plain.drain=FILE} see {@link PlainAnswers}
 * <li>{@code plain.offence=MODE} see {@link ProtocolOffender}
 * </ul>
 */
public final class PlainWorker {

	private final MasterLink link;

	private final PlainAnswers answers;

	private ClusterServerSocketChannel server;

	private PlainWorker(MasterLink link) {
		this.link = link;
		this.answers = new PlainAnswers(link);
		this.server = new ClusterServerSocketChannel(link, "server");
	}

	/**
	 * Run the worker.
	 * @param args ignored
	 * @throws IOException if the link breaks
	 */
	public static void main(String[] args) throws IOException {
		WorkerIdentity identity = WorkerIdentity.ofThisProcess();
		RunDirectory directory = new RunDirectory(Path.of(System.getProperty(RunDirectory.PROPERTY)));
		String offence = System.getProperty("plain.offence");
		if (offence != null) {
			ProtocolOffender.offend(directory, identity, offence);
		}
		MasterLink link = MasterLink.connect(directory, identity);
		WorkerSignals.onTerminate(link.shutdown()::terminated);
		Heartbeat.start(link.figures());
		failIfAsked(identity);
		addShutdownHooks();
		new PlainWorker(link).run();
	}

	private static void failIfAsked(WorkerIdentity identity) {
		Integer failure = Integer.getInteger("plain.fail", isThere("plain.fail-if") ? 1 : null);
		if (failure != null) {
			System.out.println("plain worker " + identity.id() + " fails");
			Runtime.getRuntime().halt(failure);
		}
	}

	private static boolean isThere(String property) {
		String file = System.getProperty(property);
		return file != null && Files.exists(Path.of(file));
	}

	private static void addShutdownHooks() {
		String lastWords = System.getProperty("plain.last-words");
		if (lastWords != null) {
			Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println(lastWords)));
		}
		if (System.getProperty("plain.deaf") != null) {
			Runtime.getRuntime().addShutdownHook(new Thread(PlainWorker::sleepForever));
		}
	}

	private void run() throws IOException {
		Signal.handle(new Signal("USR2"), (signal) -> this.link.readiness(true));
		listen();
		await("plain.slow-start");
		if (System.getProperty("plain.never-ready") == null && !isThere("plain.never-ready-if")) {
			this.link.readiness(true);
		}
		if (isThere("plain.refuse-if")) {
			// the answer to a later request on the same channel shows that the master
			// has received the message
			this.answers.to("/view");
			this.link.readiness(false);
		}
		if (isThere("plain.leave-if")) {
			leave(0);
		}
		if (System.getProperty("plain.concurrent") != null) {
			serveTogether();
		}
		else {
			serveInTurn();
		}
	}

	private void listen() throws IOException {
		this.server.bind(new InetSocketAddress("127.0.0.1", Integer.getInteger("plain.port", 0)));
	}

	private void serveTogether() throws IOException {
		ExecutorService executor = Executors.newCachedThreadPool();
		while (true) {
			SocketChannel connection = this.server.accept();
			executor.execute(() -> serveAndClose(connection));
		}
	}

	private void serveInTurn() throws IOException {
		while (true) {
			await("plain.hold");
			String path = serveAndClose(this.server.accept());
			if (path.startsWith("/leave/")) {
				leave(PlainAnswers.intOf(path));
			}
			if (path.equals("/relisten")) {
				this.server.close();
				this.server = new ClusterServerSocketChannel(this.link, "server");
				listen();
			}
		}
	}

	private static void await(String property) {
		while (isThere(property)) {
			PlainAnswers.sleep(10);
		}
	}

	/**
	 * Serve a connection.
	 * @return the path that was asked for, or an empty string
	 */
	private String serveAndClose(@Nullable SocketChannel connection) {
		if (connection == null) {
			return "";
		}
		try (connection) {
			connection.configureBlocking(true);
			String path = readPath(connection);
			if ("/hand-back".equals(path)) {
				connection.write(ByteBuffer.wrap("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
				this.server.openHandBack();
				this.server.handBack(connection);
			}
			else if (path != null) {
				this.link.requestBegun();
				answer(connection, this.answers.to(path));
				this.link.requestCompleted();
				return path;
			}
		}
		catch (IOException ex) {
			// the client has closed the connection
		}
		finally {
			this.server.connectionClosed();
		}
		return "";
	}

	private static @Nullable String readPath(SocketChannel connection) throws IOException {
		ByteBuffer request = ByteBuffer.allocate(8192);
		String text = "";
		while (!text.contains("\r\n\r\n")) {
			if (connection.read(request) < 0) {
				return null;
			}
			text = new String(request.array(), 0, request.position(), StandardCharsets.US_ASCII);
		}
		return text.split(" ")[1];
	}

	private static void answer(SocketChannel connection, String body) throws IOException {
		byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
		ByteBuffer answer = ByteBuffer.allocate(bytes.length + 256)
			.put(("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " + bytes.length + "\r\n\r\n")
				.getBytes(StandardCharsets.US_ASCII))
			.put(bytes)
			.flip();
		while (answer.hasRemaining()) {
			connection.write(answer);
		}
	}

	private void leave(int code) {
		// in the same order as Spring Boot
		this.link.readiness(false);
		this.link.shutdown().drain();
		// the exit code must not overtake the message, see above
		this.answers.to("/view");
		System.exit(code);
	}

	private static void sleepForever() {
		while (true) {
			PlainAnswers.sleep(1000);
		}
	}

}
