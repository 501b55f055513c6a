package io.github.clusterboot.worker;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;

import io.github.clusterboot.ClusterEvent;
import io.github.clusterboot.ipc.RunDirectory;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a {@link PlainWorker} does for a request, by its path, before it answers. It
 * answers with its id unless something else is said.
 * <ul>
 * <li>{@code /slow/MILLIS} wait
 * <li>{@code /exit/CODE} end the JVM at once, without an answer
 * <li>{@code /drain} wait for the file {@code plain.drain}, say that the worker drains,
 * and answer when the file is gone
 * <li>{@code /refuse} refuse traffic, until the signal {@code USR2} comes
 * <li>{@code /listen/NAME/PORT} listen there as well, and answer the result
 * <li>{@code /view}, {@code /events/AFTER} answer what the master answers
 * <li>{@code /restart}, {@code /restart/ID}, {@code /resize/WORKERS} ask the master for
 * it, and answer {@code done} or the reason why not
 * <li>{@code /stranger/MODE} see {@link ProtocolOffender}
 * </ul>
 */
final class PlainAnswers {

	private final MasterLink link;

	PlainAnswers(MasterLink link) {
		this.link = link;
	}

	String to(String path) {
		if (path.startsWith("/slow/")) {
			sleep(intOf(path));
		}
		else if (path.startsWith("/exit/")) {
			Runtime.getRuntime().halt(intOf(path));
		}
		else if (path.equals("/drain")) {
			drain(Path.of(System.getProperty("plain.drain")));
		}
		else if (path.equals("/refuse")) {
			this.link.readiness(false);
		}
		else if (path.startsWith("/view") || path.startsWith("/events/")) {
			return fromMaster(path);
		}
		else if (path.startsWith("/restart") || path.startsWith("/resize/")) {
			return toMaster(path);
		}
		else if (path.startsWith("/listen/")) {
			return listen(path.split("/")[2], intOf(path));
		}
		else if (path.startsWith("/stranger/")) {
			RunDirectory directory = new RunDirectory(Path.of(System.getProperty(RunDirectory.PROPERTY)));
			return ProtocolOffender.openAndOffend(directory, this.link.identity(),
					path.substring("/stranger/".length()));
		}
		return String.valueOf(this.link.identity().id());
	}

	private void drain(Path file) {
		while (!Files.exists(file)) {
			sleep(10);
		}
		// it returns when this request's connection is closed
		new Thread(this.link.shutdown()::drain, "drain").start();
		while (Files.exists(file)) {
			sleep(10);
		}
	}

	private String listen(String name, int port) {
		try {
			return new ClusterServerSocketChannel(this.link, name).bind(new InetSocketAddress("127.0.0.1", port))
				.getLocalAddress()
				.toString();
		}
		catch (IOException ex) {
			return ex.toString();
		}
	}

	private String fromMaster(String path) {
		try {
			return JsonMapper.shared()
				.writeValueAsString(path.startsWith("/view") ? this.link.client().view()
						: this.link.client().events(intOf(path), null).toArray(ClusterEvent[]::new));
		}
		catch (MasterUnavailableException ex) {
			return String.valueOf(ex.getMessage());
		}
	}

	private String toMaster(String path) {
		try {
			if (path.equals("/restart")) {
				this.link.client().restartCluster();
			}
			else if (path.startsWith("/restart/")) {
				this.link.client().restartWorker(intOf(path));
			}
			else {
				this.link.client().resize(intOf(path));
			}
			return "done";
		}
		catch (MasterUnavailableException | CommandRefusedException ex) {
			return String.valueOf(ex.getMessage());
		}
	}

	static int intOf(String path) {
		return Integer.parseInt(path.substring(path.lastIndexOf('/') + 1));
	}

	static void sleep(long millis) {
		try {
			Thread.sleep(millis);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
