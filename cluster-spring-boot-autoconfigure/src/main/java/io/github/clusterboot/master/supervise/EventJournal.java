package io.github.clusterboot.master.supervise;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

import io.github.clusterboot.ClusterEvent;
import io.github.clusterboot.ClusterEventType;
import io.github.clusterboot.ExitReason;
import io.github.clusterboot.WorkerIdentity;
import io.github.clusterboot.master.loop.TimeSource;
import org.jspecify.annotations.Nullable;

/**
 * The last events of the cluster, numbered. Used on the event loop only.
 */
public final class EventJournal {

	static final int CAPACITY = 1000;

	private final TimeSource time;

	private final Deque<ClusterEvent> events = new ArrayDeque<>(CAPACITY);

	private Runnable onEvent = () -> {
	};

	private long sequence;

	/**
	 * Create an empty journal.
	 * @param time tells the events' timestamps
	 */
	EventJournal(TimeSource time) {
		this.time = time;
	}

	/**
	 * Set what is called after each new event.
	 * @param onEvent the callback
	 */
	public void onEvent(Runnable onEvent) {
		this.onEvent = onEvent;
	}

	void record(ClusterEventType type, String message) {
		add(type, null, null, null, message);
	}

	void record(ClusterEventType type, WorkerIdentity worker, String message) {
		add(type, worker, null, null, message);
	}

	void recordExit(WorkerIdentity worker, ExitReason reason, int exitCode, String message) {
		add(ClusterEventType.WORKER_EXITED, worker, reason, exitCode, message);
	}

	private void add(ClusterEventType type, @Nullable WorkerIdentity worker, @Nullable ExitReason reason,
			@Nullable Integer exitCode, String message) {
		if (this.events.size() == CAPACITY) {
			this.events.removeFirst();
		}
		this.sequence++;
		this.events.addLast(new ClusterEvent(this.sequence, this.time.now(), type, worker, reason, exitCode, message));
		this.onEvent.run();
	}

	/**
	 * Return the sequence number of the newest event.
	 * @return the number, or 0 before the first event
	 */
	public long newest() {
		return this.sequence;
	}

	/**
	 * Return the events held, oldest first.
	 * @param after only those with a higher sequence number
	 * @param type only those of this type, or {@code null} for all
	 * @return the events
	 */
	public List<ClusterEvent> after(long after, @Nullable ClusterEventType type) {
		return this.events.stream()
			.filter((event) -> event.sequence() > after && (type == null || event.type() == type))
			.toList();
	}

}
