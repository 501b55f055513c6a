package io.github.clusterboot.master.supervise;

import java.util.concurrent.CompletableFuture;

import io.github.clusterboot.WorkerIdentity;
import io.github.clusterboot.ipc.InMemoryScoreboard;
import io.github.clusterboot.ipc.Message;
import io.github.clusterboot.ipc.ScoreboardSlot;
import io.github.clusterboot.master.process.WorkerProcess;
import org.jspecify.annotations.Nullable;

/**
 * A worker of a {@link VirtualCluster}: a process that does what a test tells it, and by
 * default what the master asks of it, at once.
 */
final class VirtualWorker implements WorkerProcess, WorkerLink {

	private final WorkerIdentity identity;

	private final ScoreboardSlot slot = InMemoryScoreboard.newSlot();

	private final CompletableFuture<Integer> exit = new CompletableFuture<>();

	private long heartbeat;

	private long resident;

	private boolean silent;

	private boolean deaf;

	private boolean immortal;

	private boolean askedToDrain;

	private boolean toHandBack;

	private boolean terminated;

	private boolean killed;

	private @Nullable Error lastWordsFailure;

	private boolean outputHeldBack;

	VirtualWorker(WorkerIdentity identity, boolean quiet) {
		this.identity = identity;
		this.outputHeldBack = quiet;
	}

	WorkerIdentity identity() {
		return this.identity;
	}

	ScoreboardSlot slot() {
		return this.slot;
	}

	/**
	 * Take no notice of what the master asks; only {@code KILL} ends it.
	 * @return this worker
	 */
	VirtualWorker deaf() {
		this.deaf = true;
		return this;
	}

	/**
	 * Have it fail to tell its last words.
	 */
	void dumb() {
		this.lastWordsFailure = new OutOfMemoryError("Java heap space");
	}

	/**
	 * Survive even {@code KILL}, as a process does that waits for a disk.
	 * @return this worker
	 */
	VirtualWorker immortal() {
		this.deaf = true;
		this.immortal = true;
		return this;
	}

	/**
	 * Set whether its heart stands still.
	 * @param silent whether it does
	 */
	void silent(boolean silent) {
		this.silent = silent;
	}

	boolean isSilent() {
		return this.silent;
	}

	/**
	 * Let what survived {@code KILL} end of it.
	 */
	void mortal() {
		if (this.immortal) {
			this.immortal = false;
			if (this.killed) {
				exits(137);
			}
		}
	}

	void beats() {
		this.slot.beat(++this.heartbeat, this.resident);
	}

	/**
	 * Serve requests.
	 * @param requests how many there have been in all
	 */
	void hasServed(long requests) {
		while (this.slot.requestsBegun() < requests) {
			this.slot.requestBegun();
			this.slot.requestCompleted();
		}
	}

	/**
	 * Set its resident memory, which it tells with its next beat.
	 * @param resident the size in bytes
	 */
	void uses(long resident) {
		this.resident = resident;
	}

	void exits(int exitCode) {
		this.exit.complete(exitCode);
	}

	boolean isAskedToDrain() {
		return this.askedToDrain;
	}

	boolean isToHandBack() {
		return this.toHandBack;
	}

	boolean isTerminated() {
		return this.terminated;
	}

	boolean isKilled() {
		return this.killed;
	}

	boolean isOutputHeldBack() {
		return this.outputHeldBack;
	}

	@Override
	public boolean isAlive() {
		return !this.exit.isDone();
	}

	@Override
	public CompletableFuture<Integer> exit() {
		return this.exit;
	}

	@Override
	public void look() {
	}

	@Override
	public String lastWords() {
		if (this.lastWordsFailure != null) {
			throw this.lastWordsFailure;
		}
		return "last words of worker " + this.identity.id();
	}

	@Override
	public void holdBackOutput() {
		this.outputHeldBack = true;
	}

	@Override
	public void releaseOutput() {
		this.outputHeldBack = false;
	}

	@Override
	public void terminate() {
		this.terminated = true;
		if (!this.deaf) {
			exits(143);
		}
	}

	@Override
	public void kill() {
		this.killed = true;
		if (!this.immortal) {
			exits(137);
		}
	}

	@Override
	public void send(Message.FromMaster message) {
		if (message instanceof Message.Drain drain) {
			this.askedToDrain = true;
			this.toHandBack = drain.handBack();
			if (!this.deaf) {
				exits(0);
			}
		}
	}

	@Override
	public String toString() {
		return this.identity.toString();
	}

}
