package io.github.clusterboot.master.dispatch;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import io.github.clusterboot.master.loop.MasterLog;
import io.github.clusterboot.os.Errno;
import io.github.clusterboot.os.SpareDescriptor;
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

	/**
	 * Connections that are to be handed over, oldest first.
	 */
	private final Deque<FileDescriptor> undelivered = new ArrayDeque<>();

	/**
	 * How many connections workers have accepted themselves whose handover has been
	 * removed.
	 */
	private long acceptedBefore;

	/**
	 * Handovers with connections that are to be taken back. They stay here if this
	 * process is short of descriptors or the kernel refuses it.
	 */
	private final Set<Handover> unemptied = new LinkedHashSet<>();

	/**
	 * Those whose refusal by the kernel has been logged.
	 */
	private final Set<Handover> toldUnemptied = new LinkedHashSet<>();

	Dispatcher(Scheduler scheduler) {
		this.scheduler = scheduler;
	}

	/**
	 * Begin to hand over to a worker. It has one channel for a listener at a time: the
	 * end of an earlier one may not have been noticed yet.
	 * @param handover the handover to the worker
	 */
	void add(Handover handover) {
		to(handover.receiver()).forEach(this::forget);
		this.handovers.add(handover);
		handOverWaiting();
	}

	/**
	 * Return whether a new connection can be dispatched: some worker has room, and none
	 * that came before it waits for that room.
	 * @return whether there is room
	 */
	boolean hasRoom() {
		if (!this.undelivered.isEmpty()) {
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
		this.undelivered.addLast(connection);
		handOverWaiting();
	}

	/**
	 * Hand over what waits, as far as workers have room. A handover that turns out to be
	 * broken gives back what is in it, which is handed over, too.
	 */
	void handOverWaiting() {
		do {
			handOverUndelivered();
		}
		while (takeBackRest());
	}

	/**
	 * Hand over until no worker has room, or the kernel is short of something.
	 */
	private void handOverUndelivered() {
		while (!this.undelivered.isEmpty()) {
			Handover handover = this.scheduler.choose(this.handovers, this.undelivered.getFirst());
			if (handover == null) {
				return;
			}
			if (handOver(this.undelivered.getFirst(), handover)) {
				this.undelivered.removeFirst();
			}
			else if (this.handovers.contains(handover) && handover.hasRoom()) {
				return;
			}
		}
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
				forget(handover);
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
			logger.warn(handover.receiver() + " is passed over until the kernel lets it be sent connections: "
					+ error.getMessage());
		}
	}

	/**
	 * Take back everything that a worker has not taken, but keep its handovers.
	 * @param worker the worker
	 */
	void takeBack(Receiver worker) {
		this.unemptied.addAll(to(worker));
		handOverWaiting();
	}

	/**
	 * Take back everything that a worker has not taken, and forget it.
	 * @param worker the worker
	 */
	void remove(Receiver worker) {
		to(worker).forEach(this::forget);
		handOverWaiting();
	}

	/**
	 * Take back everything that is in a handover, and close it.
	 * @param handover the handover, which may have been removed before
	 */
	void remove(Handover handover) {
		forget(handover);
		handOverWaiting();
	}

	/**
	 * From now on nothing is handed over there. It is closed when it is empty.
	 */
	private void forget(Handover handover) {
		if (this.handovers.remove(handover)) {
			this.unemptied.add(handover);
			this.acceptedBefore += handover.accepted();
		}
	}

	/**
	 * Take back, as far as there are descriptors, what is left in handovers that are to
	 * be emptied.
	 * @return whether anything was taken back, which may be handed over now
	 */
	private boolean takeBackRest() {
		if (this.unemptied.isEmpty()) {
			return false;
		}
		int before = this.undelivered.size();
		for (Handover handover : List.copyOf(this.unemptied)) {
			if (isServedAgain(handover)) {
				keepFilled(handover);
			}
			else if (empty(handover)) {
				keepFilled(handover);
				closeIfForgotten(handover);
			}
		}
		return this.undelivered.size() > before;
	}

	/**
	 * What is taken back from a worker that takes it would be sent to it again.
	 */
	private boolean isServedAgain(Handover handover) {
		return this.handovers.contains(handover) && handover.isServed();
	}

	private void keepFilled(Handover handover) {
		this.unemptied.remove(handover);
		this.toldUnemptied.remove(handover);
	}

	/**
	 * Receive what waits in a handover, as far as there are descriptors.
	 * @return whether nothing is left in it
	 */
	private boolean empty(Handover handover) {
		int count = 0;
		try {
			while (SpareDescriptor.isAvailable()) {
				FileDescriptor connection = handover.takeBack();
				if (connection == null) {
					return true;
				}
				this.undelivered.addLast(connection);
				count++;
			}
			return false;
		}
		catch (IOException ex) {
			if (this.toldUnemptied.add(handover)) {
				logger.warn("Cannot take back what waits in the " + handover + ": " + ex.getMessage());
			}
			return !(ex instanceof NativeIoException error) || Errno.isBroken(error);
		}
		finally {
			if (count > 0) {
				logger.info(count + " waiting " + ((count == 1) ? "connection" : "connections") + " taken back from "
						+ handover.receiver());
			}
		}
	}

	private void closeIfForgotten(Handover handover) {
		if (this.handovers.contains(handover)) {
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
		boolean changed = !this.undelivered.isEmpty() || !this.unemptied.isEmpty();
		for (Handover handover : this.handovers) {
			changed |= handover.tryAgain();
			if (handover.isStalling()) {
				logger.warn(handover.receiver() + " does not take its connections: "
						+ "it is passed over until it runs again and has room");
				this.unemptied.add(handover);
				changed = true;
			}
			else if (handover.isRecovering()) {
				logger.info(handover.receiver() + " takes connections again");
				keepFilled(handover);
				changed = true;
			}
		}
		if (changed) {
			handOverWaiting();
		}
		return changed;
	}

	boolean isServed() {
		return !this.handovers.isEmpty();
	}

	/**
	 * Return the handovers.
	 * @return one for each worker that listens here
	 */
	List<Handover> all() {
		return this.handovers;
	}

	private List<Handover> to(Receiver worker) {
		return this.handovers.stream().filter((handover) -> handover.receiver() == worker).toList();
	}

	/**
	 * Return how many connections no worker has taken yet.
	 * @return the number
	 */
	long waiting() {
		return this.undelivered.size() + this.handovers.stream().mapToLong(Handover::waiting).sum();
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
		List.copyOf(this.handovers).forEach(this::forget);
		takeBackRest();
		List.copyOf(this.unemptied).forEach(this::closeIfForgotten);
		this.unemptied.clear();
		for (FileDescriptor connection = this.undelivered.poll(); connection != null; connection = this.undelivered
			.poll()) {
			try {
				connection.close();
			}
			catch (IOException ex) {
				logger.debug("Cannot close a connection", ex);
			}
		}
	}

}
