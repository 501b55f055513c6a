package io.github.clusterboot.master.supervise;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

import io.github.clusterboot.ClusterEvent;
import io.github.clusterboot.ClusterEventType;
import io.github.clusterboot.ExitReason;
import io.github.clusterboot.WorkerIdentity;
import io.github.clusterboot.master.loop.TimeSource;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link EventJournal}.
 */
class EventJournalTests {

	private static final Instant NOW = Instant.parse("2026-11-23T08:00:00Z");

	private static final WorkerIdentity WORKER = new WorkerIdentity(1, 0, 4712, 1);

	private final EventJournal journal = new EventJournal(time());

	private static TimeSource time() {
		TimeSource time = mock();
		given(time.now()).willReturn(NOW);
		return time;
	}

	@Test
	void newestWhenThereIsNoEventReturnsZero() {
		assertThat(this.journal.newest()).isZero();
		assertThat(this.journal.after(0, null)).isEmpty();
	}

	@Test
	void recordNumbersEventsFromOne() {
		this.journal.record(ClusterEventType.WORKER_STARTED, WORKER, "started");
		this.journal.recordExit(WORKER, ExitReason.CRASHED, 137, "exited");
		this.journal.record(ClusterEventType.CLUSTER_STOPPING, "stopping");
		assertThat(this.journal.newest()).isEqualTo(3);
		assertThat(this.journal.after(0, null)).containsExactly(
				new ClusterEvent(1, NOW, ClusterEventType.WORKER_STARTED, WORKER, null, null, "started"),
				new ClusterEvent(2, NOW, ClusterEventType.WORKER_EXITED, WORKER, ExitReason.CRASHED, 137, "exited"),
				new ClusterEvent(3, NOW, ClusterEventType.CLUSTER_STOPPING, null, null, null, "stopping"));
	}

	@Test
	void recordWhenTheJournalIsFullForgetsTheOldestEvent() {
		assertThat(EventJournal.CAPACITY).isEqualTo(1000);
		fill(EventJournal.CAPACITY);
		assertThat(sequences(this.journal.after(0, null))).isEqualTo(range(1, 1000));
		fill(1);
		assertThat(sequences(this.journal.after(0, null))).isEqualTo(range(2, 1001));
		fill(2500);
		assertThat(sequences(this.journal.after(0, null))).isEqualTo(range(2502, 3501));
		assertThat(this.journal.newest()).isEqualTo(3501);
	}

	@Test
	void afterReturnsEventsWithAHigherSequence() {
		fill(5);
		assertThat(sequences(this.journal.after(-1, null))).isEqualTo(range(1, 5));
		assertThat(sequences(this.journal.after(3, null))).isEqualTo(range(4, 5));
		assertThat(this.journal.after(5, null)).isEmpty();
		assertThat(this.journal.after(Long.MAX_VALUE, null)).isEmpty();
	}

	@Test
	void afterWhenTheSequenceIsForgottenReturnsAllThatIsHeld() {
		fill(EventJournal.CAPACITY + 10);
		assertThat(sequences(this.journal.after(3, null))).isEqualTo(range(11, 1010));
	}

	@Test
	void afterWhenATypeIsAskedForReturnsThatTypeOnly() {
		this.journal.record(ClusterEventType.WORKER_STARTED, WORKER, "1");
		this.journal.record(ClusterEventType.WORKER_ONLINE, WORKER, "2");
		this.journal.record(ClusterEventType.WORKER_STARTED, WORKER, "3");
		this.journal.record(ClusterEventType.WORKER_STARTED, WORKER, "4");
		assertThat(sequences(this.journal.after(0, ClusterEventType.WORKER_STARTED))).containsExactly(1L, 3L, 4L);
		assertThat(sequences(this.journal.after(1, ClusterEventType.WORKER_STARTED))).containsExactly(3L, 4L);
		assertThat(this.journal.after(0, ClusterEventType.CLUSTER_RESIZED)).isEmpty();
	}

	@Test
	void recordCallsTheListenerWhenTheEventIsHeld() {
		List<Long> newest = new ArrayList<>();
		this.journal.onEvent(() -> newest.addAll(sequences(this.journal.after(this.journal.newest() - 1, null))));
		fill(3);
		assertThat(newest).containsExactly(1L, 2L, 3L);
	}

	private void fill(int count) {
		for (int i = 0; i < count; i++) {
			this.journal.record(ClusterEventType.WORKER_READY, WORKER, "ready");
		}
	}

	private static List<Long> sequences(List<ClusterEvent> events) {
		return events.stream().map(ClusterEvent::sequence).toList();
	}

	private static List<Long> range(long first, long last) {
		return LongStream.rangeClosed(first, last).boxed().toList();
	}

}
