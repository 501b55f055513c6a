package io.github.clusterboot.master;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.github.clusterboot.ClusterView;
import io.github.clusterboot.master.dispatch.Handover;
import io.github.clusterboot.master.supervise.WorkerHandle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what a {@link ClusterMaster} keeps of dead workers, with
 * {@link MasterRunner}.
 */
class LeakTests {

	private static final int WORKERS = 5;

	/**
	 * What leaks does so with each death: the rest is for {@code -Dit.long=true}.
	 */
	private static final int DEATHS = Boolean.getBoolean("it.long") ? 200 : 50;

	/**
	 * What the first deaths leave for good, and what the journal needs for the events of
	 * the others: it keeps 1,000, about as many as 200 deaths have.
	 */
	private static final long BYTES_OF_JOURNAL = 300_000 + 1_500 * DEATHS;

	/**
	 * Conformance row M6. Each round kills all workers, one of them while connections
	 * wait for it, and others while they start.
	 */
	@Test
	@Timeout(180)
	void dieWhenManyWorkersDoLeavesNothingBehind() throws Exception {
		try (MasterRunner master = MasterRunner.workers(WORKERS)
			.restart(Duration.ofMillis(2), 1, Duration.ofMillis(2), Duration.ofSeconds(30))
			.start()
			.awaitRunning()) {
			long started = System.nanoTime();
			killUntil(master, 10);
			Usage afterTen = Usage.of(master);
			killUntil(master, DEATHS);
			Usage afterAll = Usage.of(master);
			System.out.println(DEATHS + " deaths in " + Duration.ofNanos(System.nanoTime() - started) + ": after ten "
					+ afterTen + ", after all " + afterAll);
			assertThat(afterAll.descriptors()).isLessThanOrEqualTo(afterTen.descriptors());
			// the JDK keeps a thread that has waited for a process for a minute
			assertThat(afterAll.threads()).isLessThanOrEqualTo(afterTen.threads() + WORKERS);
			assertThat(afterAll.heap()).isLessThan(afterTen.heap() + BYTES_OF_JOURNAL);
			assertThat(afterAll.handles()).isEqualTo(afterTen.handles()).isEqualTo(WORKERS);
			assertThat(afterAll.handovers()).isEqualTo(afterTen.handovers()).isEqualTo(WORKERS);
			assertThat(master.view().restarts().unexpected()).isGreaterThanOrEqualTo(DEATHS);
		}
	}

	private static void killUntil(MasterRunner master, int deaths) throws IOException {
		while (master.view().restarts().unexpected() < deaths) {
			List<ClusterView.Worker> workers = master.workers();
			MasterRunner.signal("STOP", workers.get(0).pid());
			List<CompletableFuture<String>> answers = List.of(master.getLater("/"), master.getLater("/"),
					master.getLater("/"), master.getLater("/"), master.getLater("/"));
			for (ClusterView.Worker worker : workers) {
				ProcessHandle.of(worker.pid()).ifPresent(ProcessHandle::destroyForcibly);
			}
			answers.forEach((answer) -> answer.handle((body, failure) -> true).join());
		}
		master.awaitReady(WORKERS);
	}

	/**
	 * What a process uses.
	 *
	 * @param descriptors the number of its descriptors
	 * @param threads the number of its threads
	 * @param heap the live bytes on its heap
	 * @param handles the number of its live {@link WorkerHandle}s
	 * @param handovers the number of its live {@link Handover}s
	 */
	private record Usage(long descriptors, int threads, long heap, long handles, long handovers) {

		static Usage of(MasterRunner master) throws Exception {
			// so that what is scheduled for the end of a worker has been done
			TimeUnit.SECONDS.sleep(2);
			List<String> histogram = histogram(master.pid());
			return new Usage(ProcFs.descriptors(master.pid()), ProcFs.threads(master.pid()), total(histogram),
					instances(histogram, WorkerHandle.class), instances(histogram, Handover.class));
		}

		/**
		 * Only live objects: the command begins with a full collection.
		 */
		private static List<String> histogram(long pid) throws IOException {
			Process jcmd = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
					String.valueOf(pid), "GC.class_histogram")
				.redirectErrorStream(true)
				.start();
			return new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().toList();
		}

		private static long total(List<String> histogram) {
			return Long.parseLong(histogram.get(histogram.size() - 1).trim().split("\\s+")[2]);
		}

		private static long instances(List<String> histogram, Class<?> type) {
			return histogram.stream()
				.map((line) -> line.trim().split("\\s+"))
				.filter((columns) -> columns.length > 3 && columns[3].equals(type.getName()))
				.mapToLong((columns) -> Long.parseLong(columns[1]))
				.sum();
		}

	}

}
