package io.github.clusterboot.master.control;

import java.util.ArrayList;
import java.util.List;

import io.github.clusterboot.os.NativeTransport;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link StrangerLog}.
 */
class StrangerLogTests {

	private static final NativeTransport.Peer PEER = new NativeTransport.Peer(4711, 1000);

	private final List<String> lines = new ArrayList<>();

	private long now;

	private final StrangerLog log = new StrangerLog(() -> this.now, this.lines::add);

	@Test
	void droppedNamesTheProcess() {
		this.log.dropped(PEER);
		assertThat(this.lines).containsExactly(
				"Process 4711 of user 1000 connected to the master but is not one of its workers: connection dropped");
	}

	@Test
	void droppedWhenManyConnectSaysAFewAndCountsTheRest() {
		for (int i = 0; i < 1000; i++) {
			this.log.dropped(PEER);
		}
		assertThat(this.lines).hasSize(StrangerLog.LINES_PER_WINDOW);
		this.now += StrangerLog.WINDOW.toNanos();
		this.log.dropped(PEER);
		assertThat(this.lines).hasSize(StrangerLog.LINES_PER_WINDOW + 1)
			.last()
			.asString()
			.endsWith("(after 995 others that were not reported)");
	}

}
