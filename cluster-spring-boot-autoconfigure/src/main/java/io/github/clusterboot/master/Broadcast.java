package io.github.clusterboot.master;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import io.github.clusterboot.ClusterView;
import io.netty.channel.EventLoop;

/**
 * Tells every worker what happens. Used on the event loop only.
 */
final class Broadcast {

	/**
	 * Events come in bursts; the view that goes with them is sent once.
	 */
	private static final Duration VIEW_DELAY = Duration.ofMillis(100);

	private final EventLoop loop;

	private final Workers workers;

	private final EventJournal journal;

	private final Supplier<ClusterView> view;

	private boolean viewDue;

	Broadcast(EventLoop loop, Workers workers, EventJournal journal, Supplier<ClusterView> view) {
		this.loop = loop;
		this.workers = workers;
		this.journal = journal;
		this.view = view;
	}

	void eventHappened() {
		this.workers.controls().forEach((control) -> control.sendNewEvents(this.journal));
		if (!this.viewDue) {
			this.viewDue = true;
			this.loop.schedule(this::sendView, VIEW_DELAY.toNanos(), TimeUnit.NANOSECONDS);
		}
	}

	private void sendView() {
		this.viewDue = false;
		ClusterView current = this.view.get();
		this.workers.controls().forEach((control) -> control.sendView(current));
	}

}
