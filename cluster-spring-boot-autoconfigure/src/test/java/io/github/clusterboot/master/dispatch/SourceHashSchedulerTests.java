package io.github.clusterboot.master.dispatch;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.github.clusterboot.os.NativeTransport;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.unix.Socket;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.withSettings;

/**
 * Tests for {@link SourceHashScheduler}.
 */
class SourceHashSchedulerTests {

	private static final int ADDRESSES = 400;

	private static final int WORKERS = 8;

	private final SourceHashScheduler scheduler = new SourceHashScheduler();

	private final List<Handover> handovers = IntStream.range(0, WORKERS)
		.mapToObj(SourceHashSchedulerTests::handover)
		.toList();

	@Test
	void chooseWhenTheAddressIsTheSameReturnsTheSame() {
		Map<InetAddress, Handover> choices = choices(this.handovers);
		assertThat(choices(this.handovers)).isEqualTo(choices);
	}

	@Test
	void chooseSpreadsAddresses() {
		Map<Handover, Long> counts = choices(this.handovers).values()
			.stream()
			.collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
		assertThat(counts.values()).hasSize(WORKERS).allMatch((count) -> count > 30 && count < 70);
	}

	@Test
	void chooseWhenOneLeavesMovesItsAddressesAlone() {
		Map<InetAddress, Handover> before = choices(this.handovers);
		for (Handover leaving : List.of(this.handovers.get(0), this.handovers.get(WORKERS - 1))) {
			List<Handover> staying = new ArrayList<>(this.handovers);
			staying.remove(leaving);
			Map<InetAddress, Handover> after = choices(staying);
			assertThat(after).allSatisfy((address, choice) -> assertThat(before.get(address)).isIn(choice, leaving));
			long moved = before.entrySet().stream().filter((entry) -> entry.getValue() == leaving).count();
			assertThat(moved).isLessThanOrEqualTo((long) ((1.0 / WORKERS + 0.05) * ADDRESSES));
		}
	}

	@Test
	void chooseWhenTheWorkerDoesNotServeReturnsAnother() {
		InetAddress client = address(7);
		Handover choice = this.scheduler.choose(this.handovers, client);
		given(choice.isServed()).willReturn(false);
		assertThat(this.scheduler.choose(this.handovers, client)).isNotNull().isNotSameAs(choice);
		given(choice.isServed()).willReturn(true);
		assertThat(this.scheduler.choose(this.handovers, client)).isSameAs(choice);
	}

	/**
	 * A connection that waits for it would hold up those of all other clients.
	 */
	@Test
	void chooseWhenTheWorkerIsPassedOverReturnsAnother() {
		InetAddress client = address(7);
		Handover choice = this.scheduler.choose(this.handovers, client);
		given(choice.isPassedOver()).willReturn(true);
		given(choice.hasRoom()).willReturn(false);
		assertThat(this.scheduler.choose(this.handovers, client)).isNotNull().isNotSameAs(choice);
	}

	@Test
	void chooseWhenTheWorkerHasNoRoomLetsTheConnectionWait() {
		InetAddress client = address(7);
		given(this.scheduler.choose(this.handovers, client).hasRoom()).willReturn(false);
		assertThat(this.scheduler.choose(this.handovers, client)).isNull();
	}

	@Test
	void chooseWhenTheClientIsGoneReturnsAny() throws IOException {
		NativeTransport.load();
		Socket unconnected = LinuxSocket.newSocketStream(false);
		try {
			assertThat(this.scheduler.choose(this.handovers, unconnected)).isIn(this.handovers);
		}
		finally {
			unconnected.close();
		}
	}

	@Test
	void chooseGoesByTheAddressOfTheClient() throws IOException {
		NativeTransport.load();
		InetAddress client = InetAddress.getByName("127.0.0.1");
		Socket connection = LinuxSocket.newSocketStream(false);
		try (ServerSocket server = new ServerSocket(0, 1, client)) {
			connection.connect(server.getLocalSocketAddress());
			assertThat(this.scheduler.choose(this.handovers, connection))
				.isSameAs(this.scheduler.choose(this.handovers, client));
		}
		finally {
			connection.close();
		}
	}

	@Test
	void chooseWhenNoWorkerServesReturnsNull() {
		this.handovers.forEach((handover) -> given(handover.isServed()).willReturn(false));
		assertThat(this.scheduler.choose(this.handovers, address(7))).isNull();
	}

	private Map<InetAddress, Handover> choices(List<Handover> handovers) {
		Map<InetAddress, Handover> choices = new HashMap<>();
		for (int i = 0; i < ADDRESSES; i++) {
			InetAddress address = address(i);
			choices.put(address, this.scheduler.choose(handovers, address));
		}
		return choices;
	}

	private static InetAddress address(int number) {
		try {
			return InetAddress.getByAddress(new byte[] { 10, 1, (byte) (number / 250), (byte) (number % 250) });
		}
		catch (UnknownHostException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static Handover handover(int index) {
		Receiver receiver = mock(Receiver.class, withSettings().stubOnly());
		given(receiver.index()).willReturn(index);
		Handover handover = mock(Handover.class, withSettings().stubOnly());
		given(handover.receiver()).willReturn(receiver);
		given(handover.isServed()).willReturn(true);
		given(handover.hasRoom()).willReturn(true);
		return handover;
	}

}
