package io.github.clusterboot.master.dispatch;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import io.netty.channel.unix.FileDescriptor;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link RoundRobinScheduler}.
 */
class RoundRobinSchedulerTests {

	private static final FileDescriptor CONNECTION = new FileDescriptor(0);

	private final RoundRobinScheduler scheduler = new RoundRobinScheduler();

	@Test
	void chooseWhenThereIsNoneReturnsNull() {
		assertThat(this.scheduler.choose(List.of(), CONNECTION)).isNull();
	}

	/**
	 * Conformance row D1.
	 */
	@Test
	void chooseWhenAllHaveRoomTakesThemInTurn() {
		List<Handover> handovers = handovers(3);
		assertThat(chosen(handovers, 7)).containsExactly(0, 1, 2, 0, 1, 2, 0);
	}

	/**
	 * Conformance row D1.
	 */
	@Test
	void chooseWhenOneHasNoRoomPassesItOver() {
		List<Handover> handovers = handovers(4);
		given(handovers.get(1).hasRoom()).willReturn(false);
		assertThat(chosen(handovers, 6)).containsExactly(0, 2, 3, 0, 2, 3);
		given(handovers.get(1).hasRoom()).willReturn(true);
		assertThat(chosen(handovers, 4)).containsExactly(0, 1, 2, 3);
	}

	@Test
	void chooseWhenNoneHasRoomReturnsNullAndKeepsTheTurn() {
		List<Handover> handovers = handovers(3);
		assertThat(chosen(handovers, 1)).containsExactly(0);
		handovers.forEach((handover) -> given(handover.hasRoom()).willReturn(false));
		assertThat(this.scheduler.choose(handovers, CONNECTION)).isNull();
		assertThat(this.scheduler.choose(handovers, CONNECTION)).isNull();
		handovers.forEach((handover) -> given(handover.hasRoom()).willReturn(true));
		assertThat(chosen(handovers, 3)).containsExactly(1, 2, 0);
	}

	@Test
	void chooseWhenWorkersComeAndGoKeepsWithinTheList() {
		List<Handover> handovers = new ArrayList<>(handovers(4));
		assertThat(chosen(handovers, 4)).containsExactly(0, 1, 2, 3);
		handovers.subList(1, 4).clear();
		assertThat(chosen(handovers, 2)).containsExactly(0, 0);
		handovers.addAll(handovers(2));
		assertThat(chosen(handovers, 3)).containsExactly(1, 2, 0);
	}

	private List<Integer> chosen(List<Handover> handovers, int count) {
		return IntStream.range(0, count)
			.mapToObj((i) -> handovers.indexOf(this.scheduler.choose(handovers, CONNECTION)))
			.toList();
	}

	private static List<Handover> handovers(int count) {
		return IntStream.range(0, count).mapToObj((i) -> {
			Handover handover = mock(Handover.class);
			given(handover.hasRoom()).willReturn(true);
			return handover;
		}).toList();
	}

}
