package io.github.clusterboot.master.control;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import io.github.clusterboot.ClusterView;
import io.github.clusterboot.master.loop.MasterLoop;
import io.github.clusterboot.master.supervise.EventJournal;

/**
 * Tells every worker what happens. Used on the event loop only.
 */
public final class Broadcast {

	/**
	 * Events come in bursts; the view that goes with them is sent once.
	 */
	private static final Duration VIEW_DELAY = Duration.ofMillis(100);

	private final MasterLoop loop;

	private final EventJournal journal;

	private final Supplier<ClusterView> view;

	private final List<ControlChannel> controls = new ArrayList<>();

	private boolean viewDue;

	public Broadcast(MasterLoop loop, EventJournal journal, Supplier<ClusterView> view) {
		this.loop = loop;
		this.journal = journal;
		this.view = view;
	}

	/**
	 * Tell a worker from now on.
	 * @param control the worker's control channel
	 */
	void add(ControlChannel control) {
		this.controls.add(control);
	}

	/**
	 * Do not tell a worker any longer.
	 * @param control the worker's control channel, which has closed
	 */
	void remove(ControlChannel control) {
		this.controls.remove(control);
	}

	public void eventOccurred() {
		List.copyOf(this.controls).forEach((control) -> control.sendNewEvents(this.journal));
		if (!this.viewDue) {
			this.viewDue = true;
			this.loop.schedule("tell the workers how the cluster is", this::sendView, VIEW_DELAY);
		}
	}

	private void sendView() {
		this.viewDue = false;
		ClusterView current = this.view.get();
		List.copyOf(this.controls).forEach((control) -> control.sendView(current));
	}

}
