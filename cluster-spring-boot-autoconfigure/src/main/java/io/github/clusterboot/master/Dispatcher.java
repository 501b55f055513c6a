package io.github.clusterboot.master;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

import io.netty.channel.unix.FileDescriptor;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Hands the connections of one listener over to workers, and takes back what a worker has
 * not taken when it dies, stalls or leaves.
 * <p>
 * Owns each connection from the moment it is given one until a worker has been sent it.
 * Used on the event loop only.
 */
final class Dispatcher {

	private static final Log logger = LogFactory.getLog(Dispatcher.class);

	private final Scheduler scheduler;

	private final List<Handover> handovers = new ArrayList<>();

	private final Deque<FileDescriptor> returned = new ArrayDeque<>();

	Dispatcher(Scheduler scheduler) {
		this.scheduler = scheduler;
	}

	void add(Handover handover) {
		this.handovers.add(handover);
	}

	/**
	 * Return whether a new connection can be dispatched: some worker has room, and none
	 * that came before it waits for that room.
	 * @return whether there is room
	 */
	boolean hasRoom() {
		if (!this.returned.isEmpty()) {
			return false;
		}
		for (Handover handover : this.handovers) {
			if (handover.hasRoom()) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Hand a connection over, or keep it until a worker has room.
	 * @param connection the connection, owned by the dispatcher from now on
	 */
	void dispatch(FileDescriptor connection) {
		Handover handover = this.scheduler.choose(this.handovers);
		if (handover == null || !handOver(connection, handover)) {
			this.returned.addLast(connection);
		}
	}

	private boolean handOver(FileDescriptor connection, Handover handover) {
		try {
			if (!handover.send(connection)) {
				return false;
			}
			connection.close();
			return true;
		}
		catch (IOException ex) {
			logger.debug("The " + handover + " is broken", ex);
			remove(handover);
			return false;
		}
	}

	/**
	 * Hand over what was taken back, as far as workers have room.
	 */
	void dispatchReturned() {
		while (!this.returned.isEmpty()) {
			Handover handover = this.scheduler.choose(this.handovers);
			if (handover == null || !handOver(this.returned.getFirst(), handover)) {
				return;
			}
			this.returned.removeFirst();
		}
	}

	/**
	 * Take back everything that a worker has not taken.
	 * @param handover the handover to that worker
	 */
	void takeBack(Handover handover) {
		try {
			int count = 0;
			for (FileDescriptor connection = handover.takeBack(); connection != null; connection = handover
				.takeBack()) {
				this.returned.addLast(connection);
				count++;
			}
			if (count > 0) {
				logger.info(count + " waiting " + ((count == 1) ? "connection" : "connections") + " taken back from "
						+ handover.worker());
			}
		}
		catch (IOException ex) {
			logger.warn("Cannot take back what waits in the " + handover + ": " + ex.getMessage());
		}
	}

	/**
	 * Take back everything that the worker has not taken, and forget it.
	 * @param handover the handover to that worker; may have been removed before
	 */
	void remove(Handover handover) {
		if (!this.handovers.remove(handover)) {
			return;
		}
		takeBack(handover);
		try {
			handover.close();
		}
		catch (IOException ex) {
			logger.debug("Cannot close the " + handover, ex);
		}
	}

	/**
	 * Take back what waits for workers that do not take it, and look which of them run
	 * again.
	 * @return whether anything has changed
	 */
	boolean checkStalled() {
		// a shortage ends without telling
		boolean changed = !this.returned.isEmpty();
		for (Handover handover : this.handovers) {
			if (handover.isStalling()) {
				logger.warn(handover.worker() + " does not take its connections: "
						+ "it is passed over until it runs again and has room");
				takeBack(handover);
				changed = true;
			}
			else if (handover.isRecovering()) {
				logger.info(handover.worker() + " takes connections again");
				changed = true;
			}
		}
		return changed;
	}

	/**
	 * Return the handover to a worker.
	 * @param worker the worker
	 * @return the handover, or {@code null} if the worker does not listen here
	 */
	@Nullable Handover to(WorkerHandle worker) {
		return this.handovers.stream().filter((handover) -> handover.worker() == worker).findFirst().orElse(null);
	}

	/**
	 * Return how many connections no worker has taken yet.
	 * @return the number
	 */
	long waiting() {
		return this.returned.size() + this.handovers.stream().mapToLong(Handover::waiting).sum();
	}

	/**
	 * Close everything. What nobody has taken is lost.
	 */
	void close() {
		List.copyOf(this.handovers).forEach(this::remove);
		for (FileDescriptor connection = this.returned.poll(); connection != null; connection = this.returned.poll()) {
			try {
				connection.close();
			}
			catch (IOException ex) {
				logger.debug("Cannot close a connection", ex);
			}
		}
	}

}
