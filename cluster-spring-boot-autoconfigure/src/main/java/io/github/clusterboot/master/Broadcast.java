package io.github.clusterboot.master;

import java.time.Duration;
import java.util.function.Supplier;

import io.github.clusterboot.ClusterView;

/**
 * Tells every worker what happens. Used on the event loop only.
 */
final class Broadcast {

	/**
	 * Events come in bursts; the view that goes with them is sent once.
	 */
	private static final Duration VIEW_DELAY = Duration.ofMillis(100);

	private final MasterLoop loop;

	private final Workers workers;

	private final EventJournal journal;

	private final Supplier<ClusterView> view;

	private boolean viewDue;

	Broadcast(MasterLoop loop, Workers workers, EventJournal journal, Supplier<ClusterView> view) {
		this.loop = loop;
		this.workers = workers;
		this.journal = journal;
		this.view = view;
	}

	void eventHappened() {
		this.workers.controls().forEach((control) -> control.sendNewEvents(this.journal));
		if (!this.viewDue) {
			this.viewDue = true;
			this.loop.schedule("tell the workers how the cluster is", this::sendView, VIEW_DELAY);
		}
	}

	private void sendView() {
		this.viewDue = false;
		ClusterView current = this.view.get();
		this.workers.controls().forEach((control) -> control.sendView(current));
	}

}
