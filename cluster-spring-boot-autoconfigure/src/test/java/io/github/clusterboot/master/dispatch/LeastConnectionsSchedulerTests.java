package io.github.clusterboot.master.dispatch;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import io.netty.channel.unix.FileDescriptor;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.withSettings;

/**
 * Tests for {@link LeastConnectionsScheduler}.
 */
class LeastConnectionsSchedulerTests {

	private static final FileDescriptor CONNECTION = new FileDescriptor(0);

	private final LeastConnectionsScheduler scheduler = new LeastConnectionsScheduler();

	private final Map<Handover, Long> connections = new HashMap<>();

	private final Map<Handover, Long> sent = new HashMap<>();

	private final Map<Handover, Duration> ready = new HashMap<>();

	@Test
	void chooseWhenThereIsNoneReturnsNull() {
		assertThat(this.scheduler.choose(List.of(), CONNECTION)).isNull();
	}

	/**
	 * Conformance row D8.
	 */
	@Test
	void chooseTakesTheOneWithTheFewest() {
		List<Handover> handovers = handovers(27, 2, 16);
		assertThat(chosen(handovers, 4)).containsExactly(1, 1, 1, 1);
		assertThat(chosen(handovers, 12)).containsOnly(1, 2);
	}

	@Test
	void chooseWhenSomeHaveAboutEquallyFewTakesTheseEvenly() {
		List<Handover> handovers = handovers(3, 4, 3, 19);
		assertThat(chosen(handovers, 6)).containsExactly(0, 1, 2, 0, 1, 2);
	}

	@Test
	void chooseWhenTheOneWithTheFewestHasNoRoomPassesItOver() {
		List<Handover> handovers = handovers(0, 14, 14);
		given(handovers.get(0).hasRoom()).willReturn(false);
		assertThat(chosen(handovers, 4)).containsExactly(1, 2, 1, 2);
		handovers.forEach((handover) -> given(handover.hasRoom()).willReturn(false));
		assertThat(this.scheduler.choose(handovers, CONNECTION)).isNull();
	}

	@Test
	void chooseWhenOneHasJustBeenStartedDoesNotFloodIt() {
		List<Handover> handovers = handovers(200, 200, 200, 0);
		Handover started = handovers.get(3);
		this.ready.put(started, Duration.ZERO);
		assertThat(chosen(handovers, 40)).filteredOn((choice) -> choice == 3)
			.hasSizeLessThanOrEqualTo(LeastConnectionsScheduler.SLACK + 1);
		this.ready.put(started, LeastConnectionsScheduler.RAMP.dividedBy(2));
		chosen(handovers, 200);
		assertThat(this.connections.get(started)).isBetween(100L, 145L);
		this.ready.put(started, LeastConnectionsScheduler.RAMP);
		chosen(handovers, 600);
		long fewest = handovers.stream().mapToLong(this.connections::get).min().orElseThrow();
		long most = handovers.stream().mapToLong(this.connections::get).max().orElseThrow();
		assertThat(most - fewest).isLessThanOrEqualTo(LeastConnectionsScheduler.SLACK + 1);
	}

	/**
	 * One that does not serve tells nothing of how many are usual.
	 */
	@Test
	void chooseWhenOneDoesNotServeDoesNotFloodTheOneThatHasJustBeenStarted() {
		List<Handover> handovers = handovers(1000, 0, 0);
		given(handovers.get(1).isServed()).willReturn(false);
		given(handovers.get(1).hasRoom()).willReturn(false);
		this.ready.put(handovers.get(2), Duration.ZERO);
		assertThat(chosen(handovers, 40)).filteredOn((choice) -> choice == 2)
			.hasSizeLessThanOrEqualTo(20 + LeastConnectionsScheduler.SLACK + 1);
	}

	@Test
	void chooseWhenAllHaveJustBeenStartedTakesThemInTurn() {
		List<Handover> handovers = handovers(0, 0);
		handovers.forEach((handover) -> this.ready.put(handover, Duration.ZERO));
		assertThat(chosen(handovers, 4)).containsExactly(0, 1, 0, 1);
	}

	private List<Integer> chosen(List<Handover> handovers, int count) {
		return IntStream.range(0, count).mapToObj((i) -> {
			Handover choice = this.scheduler.choose(handovers, CONNECTION);
			this.connections.merge(choice, 1L, Long::sum);
			this.sent.merge(choice, 1L, Long::sum);
			return handovers.indexOf(choice);
		}).toList();
	}

	private List<Handover> handovers(long... connections) {
		return IntStream.range(0, connections.length).mapToObj((i) -> handover(connections[i])).toList();
	}

	private Handover handover(long connections) {
		Receiver receiver = mock(Receiver.class, withSettings().stubOnly());
		Handover handover = mock(Handover.class, withSettings().stubOnly());
		given(receiver.sinceReady()).willAnswer((call) -> this.ready.get(handover));
		given(handover.receiver()).willReturn(receiver);
		given(handover.hasRoom()).willReturn(true);
		given(handover.isServed()).willReturn(true);
		given(handover.connections()).willAnswer((call) -> this.connections.get(handover));
		given(handover.recentlySent()).willAnswer((call) -> (double) this.sent.get(handover));
		this.sent.put(handover, 0L);
		this.connections.put(handover, connections);
		this.ready.put(handover, Duration.ofHours(1));
		return handover;
	}

}
