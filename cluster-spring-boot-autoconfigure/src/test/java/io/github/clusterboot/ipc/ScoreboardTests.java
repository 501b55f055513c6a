package io.github.clusterboot.ipc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;

import io.github.clusterboot.Cluster;
import io.github.clusterboot.os.Descriptors;
import io.github.clusterboot.os.NativeTransport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link Scoreboard}. Two mappings of one file stand for two processes.
 */
class ScoreboardTests {

	@TempDir
	Path directory;

	private ScoreboardFile file;

	private Scoreboard master;

	private Scoreboard worker;

	@BeforeEach
	void mapTwice() throws IOException {
		NativeTransport.load();
		this.file = ScoreboardFile.createInFirst(List.of(this.directory));
		this.master = this.file.scoreboard();
		this.worker = Scoreboard.open(Descriptors.pathOf(this.file.descriptor()));
	}

	@AfterEach
	void close() throws IOException {
		this.file.close();
	}

	@Test
	void openWhenThereIsNoFileThrowsException() {
		assertThatExceptionOfType(NoSuchFileException.class)
			.isThrownBy(() -> Scoreboard.open(this.directory.resolve("none")));
	}

	@Test
	void createMakesAFileWithRoomForTwiceAsManyWorkersAsThereCanBe() throws IOException {
		assertThat(Files.size(Descriptors.pathOf(this.file.descriptor())))
			.isEqualTo(512L * (1 + 2 * Cluster.MAX_WORKERS));
		ScoreboardSlot last = this.worker.slot(2 * Cluster.MAX_WORKERS - 1);
		last.taking(Scoreboard.MAX_LISTENERS - 1, true);
		assertThat(this.master.slot(2 * Cluster.MAX_WORKERS - 1).isTaking(Scoreboard.MAX_LISTENERS - 1)).isTrue();
	}

	@ParameterizedTest
	@ValueSource(ints = { Integer.MIN_VALUE, -1, 2 * Cluster.MAX_WORKERS, Integer.MAX_VALUE })
	void slotWhenThereIsNoneWithTheIndexThrowsException(int index) {
		assertThatIllegalArgumentException().isThrownBy(() -> this.master.slot(index));
	}

	@Test
	void figuresAreSeenThroughTheOtherMapping() {
		ScoreboardSlot written = this.worker.slot(3);
		ScoreboardSlot read = this.master.slot(3);
		written.beat(1_764_000_000_123L, 214_958_080L);
		written.requestBegun();
		written.requestBegun();
		written.requestCompleted();
		written.connectionTaken(0);
		written.connectionTaken(0);
		written.connectionTaken(7);
		written.connectionClosed(7);
		written.taking(5, true);
		assertThat(read.heartbeat()).isEqualTo(1_764_000_000_123L);
		assertThat(read.resident()).isEqualTo(214_958_080L);
		assertThat(read.requestsBegun()).isEqualTo(2);
		assertThat(read.requestsCompleted()).isOne();
		assertThat(read.connectionsTaken(0)).isEqualTo(2);
		assertThat(read.connectionsTaken(7)).isOne();
		assertThat(read.connectionsTaken()).isEqualTo(3);
		assertThat(read.connectionsClosed()).isOne();
		assertThat(read.isTaking(5)).isTrue();
		assertThat(read.isTaking(4)).isFalse();
		written.taking(5, false);
		assertThat(read.isTaking(5)).isFalse();
	}

	@Test
	void wantRoomIsSeenThroughTheOtherMapping() {
		assertThat(this.worker.isRoomWanted()).isFalse();
		this.master.wantRoom(true);
		assertThat(this.worker.isRoomWanted()).isTrue();
		this.master.wantRoom(false);
		assertThat(this.worker.isRoomWanted()).isFalse();
	}

	@Test
	void figuresOfOneSlotDoNotOverlap() {
		ScoreboardSlot slot = this.worker.slot(1);
		Map<LongSupplier, Runnable> figures = new LinkedHashMap<>();
		figures.put(slot::heartbeat, () -> slot.beat(1, slot.resident()));
		figures.put(slot::resident, () -> slot.beat(slot.heartbeat(), 1));
		figures.put(slot::requestsBegun, slot::requestBegun);
		figures.put(slot::requestsCompleted, slot::requestCompleted);
		for (int i = 0; i < Scoreboard.MAX_LISTENERS; i++) {
			int listener = i;
			figures.put(() -> slot.connectionsTaken(listener), () -> slot.connectionTaken(listener));
			figures.put(() -> slot.isTaking(listener) ? 1 : 0, () -> slot.taking(listener, true));
		}
		List<LongSupplier> changed = new ArrayList<>();
		figures.forEach((figure, change) -> {
			assertThat(figure.getAsLong()).isZero();
			change.run();
			changed.add(figure);
			figures.keySet().forEach((any) -> assertThat(any.getAsLong()).isEqualTo(changed.contains(any) ? 1 : 0));
		});
		assertThat(slot.connectionsClosed()).isZero();
		for (int listener = 0; listener < Scoreboard.MAX_LISTENERS; listener++) {
			slot.connectionClosed(listener);
			assertThat(slot.connectionsClosed()).isEqualTo(listener + 1);
		}
		figures.keySet().forEach((figure) -> assertThat(figure.getAsLong()).isOne());
	}

	@Test
	void clearChangesNeitherTheSlotsBesideNorTheHeader() {
		this.master.wantRoom(true);
		for (int index = 0; index < 3; index++) {
			fill(this.worker.slot(index));
		}
		this.master.slot(1).clear();
		assertThat(this.worker.isRoomWanted()).isTrue();
		assertFigures(this.worker.slot(0), 1);
		assertFigures(this.worker.slot(1), 0);
		assertFigures(this.worker.slot(2), 1);
	}

	private static void fill(ScoreboardSlot slot) {
		slot.beat(1, 1);
		slot.requestBegun();
		slot.requestCompleted();
		for (int listener = 0; listener < Scoreboard.MAX_LISTENERS; listener++) {
			slot.connectionTaken(listener);
			slot.connectionClosed(listener);
			slot.taking(listener, true);
		}
	}

	private static void assertFigures(ScoreboardSlot slot, long expected) {
		assertThat(List.of(slot.heartbeat(), slot.resident(), slot.requestsBegun(), slot.requestsCompleted()))
			.containsOnly(expected);
		assertThat(slot.connectionsTaken()).isEqualTo(expected * Scoreboard.MAX_LISTENERS);
		assertThat(slot.connectionsClosed()).isEqualTo(expected * Scoreboard.MAX_LISTENERS);
		for (int listener = 0; listener < Scoreboard.MAX_LISTENERS; listener++) {
			assertThat(slot.isTaking(listener)).isEqualTo(expected != 0);
		}
	}

	@Test
	void incrementWhenThreadsAndMappingsConcurLosesNothing() throws Exception {
		int threads = 8;
		int rounds = 50_000;
		List<Callable<Boolean>> tasks = new ArrayList<>();
		CyclicBarrier together = new CyclicBarrier(threads);
		for (int i = 0; i < threads; i++) {
			ScoreboardSlot slot = ((i % 2 == 0) ? this.master : this.worker).slot(0);
			int listener = i % 4;
			tasks.add(() -> {
				together.await();
				for (int round = 0; round < rounds; round++) {
					slot.requestBegun();
					slot.connectionTaken(listener);
					slot.connectionClosed(0);
				}
				return true;
			});
		}
		runAll(threads, tasks);
		ScoreboardSlot slot = this.worker.slot(0);
		assertThat(slot.requestsBegun()).isEqualTo((long) threads * rounds);
		assertThat(slot.connectionsClosed()).isEqualTo((long) threads * rounds);
		for (int listener = 0; listener < 4; listener++) {
			assertThat(slot.connectionsTaken(listener)).isEqualTo(2L * rounds);
		}
	}

	private static void runAll(int threads, List<Callable<Boolean>> tasks)
			throws InterruptedException, ExecutionException {
		ExecutorService executor = Executors.newFixedThreadPool(threads);
		try {
			for (Future<?> future : executor.invokeAll(tasks)) {
				future.get();
			}
		}
		finally {
			executor.shutdownNow();
		}
	}

}
