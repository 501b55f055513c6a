package io.github.clusterboot.master;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import io.github.clusterboot.ipc.Errno;
import io.github.clusterboot.ipc.SpareDescriptor;
import io.netty.channel.unix.Errors.NativeIoException;
import io.netty.channel.unix.FileDescriptor;
import org.apache.commons.logging.Log;

/**
 * Hands the connections of one listener over to workers, and takes back what a worker has
 * not taken when it dies, stalls or leaves.
 * <p>
 * Owns each connection from the moment it is given one until a worker has been sent it.
 * Used on the event loop only.
 */
final class Dispatcher {

	private static final Log logger = MasterLog.of(Dispatcher.class);

	private final Scheduler scheduler;

	private final List<Handover> handovers = new ArrayList<>();

	private final Deque<FileDescriptor> returned = new ArrayDeque<>();

	/**
	 * How many connections workers have accepted by themselves whose handover has been
	 * removed.
	 */
	private long acceptedBefore;

	/**
	 * Handovers with connections that could not be taken back yet, since this process is
	 * short of descriptors or the kernel refuses it.
	 */
	private final Set<Handover> unemptied = new LinkedHashSet<>();

	Dispatcher(Scheduler scheduler) {
		this.scheduler = scheduler;
	}

	/**
	 * Begin to hand over to a worker. It has one channel for a listener at a time: the
	 * end of an earlier one may not have been noticed yet.
	 * @param handover the handover to the worker
	 */
	void add(Handover handover) {
		to(handover.worker()).forEach(this::remove);
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
		this.returned.addLast(connection);
		dispatchReturned();
	}

	private boolean handOver(FileDescriptor connection, Handover handover) {
		try {
			return handover.send(connection);
		}
		catch (IOException ex) {
			if (ex instanceof NativeIoException error && !Errno.isBroken(error)) {
				passOver(handover, error);
			}
			else {
				logger.debug("The " + handover + " is broken", ex);
				remove(handover);
			}
			return false;
		}
	}

	/**
	 * A connection that one worker cannot be sent may be sent to another. The channel is
	 * kept: the worker would not notice that connections no longer arrive.
	 */
	private void passOver(Handover handover, NativeIoException error) {
		if (handover.passOver()) {
			logger.warn(handover.worker() + " is passed over until the kernel lets it be sent connections: "
					+ error.getMessage());
		}
	}

	/**
	 * Hand over what was taken back, as far as workers have room.
	 */
	void dispatchReturned() {
		while (!this.returned.isEmpty()) {
			Handover handover = this.scheduler.choose(this.handovers, this.returned.getFirst());
			if (handover == null) {
				return;
			}
			if (handOver(this.returned.getFirst(), handover)) {
				this.returned.removeFirst();
			}
			else if (this.handovers.contains(handover) && handover.hasRoom()) {
				// the kernel is short of something
				return;
			}
		}
	}

	/**
	 * Take back everything that a worker has not taken.
	 * @param handover the handover to that worker
	 */
	void takeBack(Handover handover) {
		if (empty(handover)) {
			this.unemptied.remove(handover);
		}
		else {
			this.unemptied.add(handover);
		}
	}

	/**
	 * Receive what waits in a handover, as far as there are descriptors.
	 * @return whether nothing is left in it
	 */
	private boolean empty(Handover handover) {
		int count = 0;
		try {
			while (hasSpareDescriptor()) {
				FileDescriptor connection = handover.takeBack();
				if (connection == null) {
					return true;
				}
				this.returned.addLast(connection);
				count++;
			}
			return false;
		}
		catch (IOException ex) {
			if (!this.unemptied.contains(handover)) {
				logger.warn("Cannot take back what waits in the " + handover + ": " + ex.getMessage());
			}
			return !(ex instanceof NativeIoException error) || Errno.isBroken(error);
		}
		finally {
			if (count > 0) {
				logger.info(count + " waiting " + ((count == 1) ? "connection" : "connections") + " taken back from "
						+ handover.worker());
			}
		}
	}

	private boolean hasSpareDescriptor() {
		if (SpareDescriptor.isAvailable()) {
			return true;
		}
		// each that goes on to another worker frees its descriptor here
		dispatchReturned();
		return SpareDescriptor.isAvailable();
	}

	/**
	 * Take back everything that the worker has not taken, and forget it.
	 * @param handover the handover to that worker; may have been removed before
	 */
	void remove(Handover handover) {
		if (this.handovers.remove(handover)) {
			this.acceptedBefore += handover.accepted();
			takeBack(handover);
			closeIfForgotten(handover);
		}
	}

	private void closeIfForgotten(Handover handover) {
		if (this.handovers.contains(handover) || this.unemptied.contains(handover)) {
			return;
		}
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
		boolean changed = !this.returned.isEmpty() || !this.unemptied.isEmpty();
		for (Handover handover : List.copyOf(this.unemptied)) {
			takeBack(handover);
			closeIfForgotten(handover);
		}
		// one that turns out to be broken is removed meanwhile
		for (Handover handover : List.copyOf(this.handovers)) {
			changed |= handover.tryAgain();
			if (handover.isStalling()) {
				logger.warn(handover.worker() + " does not take its connections: "
						+ "it is passed over until it runs again and has room");
				takeBack(handover);
				changed = true;
			}
			else if (handover.isRecovering()) {
				logger.info(handover.worker() + " takes connections again");
				this.unemptied.remove(handover);
				changed = true;
			}
		}
		return changed;
	}

	boolean isServed() {
		return !this.handovers.isEmpty();
	}

	List<Handover> all() {
		return this.handovers;
	}

	/**
	 * Return the handovers to a worker.
	 * @param worker the worker
	 * @return the handovers, none if the worker does not listen here
	 */
	List<Handover> to(WorkerHandle worker) {
		return this.handovers.stream().filter((handover) -> handover.worker() == worker).toList();
	}

	/**
	 * Return how many connections no worker has taken yet.
	 * @return the number
	 */
	long waiting() {
		return this.returned.size() + this.handovers.stream().mapToLong(Handover::waiting).sum();
	}

	/**
	 * Return how many connections workers have accepted on their own.
	 * @return the number
	 */
	long acceptedByWorkers() {
		return this.acceptedBefore + this.handovers.stream().mapToLong(Handover::accepted).sum();
	}

	/**
	 * Close everything. Connections that have not been taken are lost.
	 */
	void close() {
		List.copyOf(this.handovers).forEach(this::remove);
		List.copyOf(this.unemptied).forEach((handover) -> {
			this.unemptied.remove(handover);
			closeIfForgotten(handover);
		});
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
