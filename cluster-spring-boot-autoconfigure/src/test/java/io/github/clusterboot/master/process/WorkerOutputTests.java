package io.github.clusterboot.master.process;

import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link WorkerOutput}.
 */
@Timeout(30)
class WorkerOutputTests {

	private final List<Process> processes = new ArrayList<>();

	private final ByteArrayOutputStream out = new ByteArrayOutputStream();

	private final ByteArrayOutputStream err = new ByteArrayOutputStream();

	private final PrintStream outStream = new PrintStream(this.out, false);

	private final PrintStream errStream = new PrintStream(this.err, false);

	@AfterEach
	void endProcesses() throws InterruptedException {
		for (Process process : this.processes) {
			process.destroyForcibly().waitFor();
		}
	}

	@Test
	void pumpPassesOnBothStreams() throws Exception {
		WorkerOutput output = pump("echo one; echo two >&2; echo three");
		await(output);
		assertThat(this.out).hasToString("one\nthree\n");
		assertThat(this.err).hasToString("two\n");
		assertThat(output.lastWords().lines()).containsExactlyInAnyOrder("one", "two", "three");
	}

	@Test
	void pumpChangesNoByte() throws Exception {
		await(pump("printf '\\000\\377\\303\\050\\r\\n\\n\\033[32mgreen\\033[m\\rover\\n'"));
		assertThat(this.out.toByteArray())
			.isEqualTo("\0\u00ff\u00c3(\r\n\n\033[32mgreen\033[m\rover\n".getBytes(StandardCharsets.ISO_8859_1));
	}

	@Test
	void pumpWhenTheLastLineDoesNotEndPassesItOnInTheEnd() throws Exception {
		await(pump("printf 'one\\ntwo'"));
		assertThat(this.out).hasToString("one\ntwo");
	}

	@Test
	void pumpWhenProcessesPrintTogetherPassesOnWholeLines() throws Exception {
		List<WorkerOutput> outputs = new ArrayList<>();
		for (String name : List.of("a", "b", "c")) {
			outputs.add(pump("i=0; while [ $i -lt 300 ]; do printf " + name + "; printf $i; printf -; printf " + name
					+ "\\\\n; i=$((i+1)); done"));
		}
		for (WorkerOutput output : outputs) {
			await(output);
		}
		List<String> lines = this.out.toString().lines().toList();
		assertThat(lines).hasSize(900);
		for (String name : List.of("a", "b", "c")) {
			assertThat(lines.stream().filter((line) -> line.startsWith(name)))
				.containsExactlyElementsOf(IntStream.range(0, 300).mapToObj((i) -> name + i + "-" + name).toList());
		}
	}

	@Test
	void pumpWhenALineIsNotCompletePassesOnWhatIsComplete() throws Exception {
		Process process = start("printf 'one\\ntw'; read line; echo o; read line");
		WorkerOutput output = WorkerOutput.pump("test", process, this.outStream, this.errStream, false);
		awaitOut("one\n");
		process.getOutputStream().write('\n');
		process.getOutputStream().flush();
		awaitOut("one\ntwo\n");
		process.getOutputStream().close();
		await(output);
	}

	@Test
	void pumpWhenALineIsTooLongPassesItOnInParts() throws Exception {
		await(pump("head -c 300000 /dev/zero | tr '\\000' x; echo"));
		assertThat(this.out.toString()).isEqualTo("x".repeat(300_000) + "\n");
	}

	@Test
	void pumpWhenAReadFailsReadsOn() throws Exception {
		Process process = start("echo one; sleep 60");
		WorkerOutput.pump("worker", new FailingOnce(process), this.outStream, this.errStream, false);
		awaitOut("one\n");
	}

	@Test
	void tailKeepsTheLastLinesOnly() throws Exception {
		WorkerOutput output = pump("i=1; while [ $i -le 1000 ]; do echo $i; i=$((i+1)); done");
		await(output);
		assertThat(output.lastWords().lines())
			.containsExactlyElementsOf(IntStream.rangeClosed(941, 1000).mapToObj(String::valueOf).toList());
	}

	@Test
	void endWhenAChildOfTheProcessHoldsTheStreamsDoesNotWaitForIt() throws Exception {
		Process process = start("sleep 60 & echo $!");
		WorkerOutput output = WorkerOutput.pump("test", process, this.outStream, this.errStream, false);
		assertThat(process.waitFor()).isZero();
		try {
			long before = System.nanoTime();
			output.end().get(5, TimeUnit.SECONDS);
			assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofMillis(1500));
			assertThat(this.out.toString()).matches("\\d+\n");
		}
		finally {
			ProcessHandle.of(Long.parseLong(this.out.toString().trim())).ifPresent(ProcessHandle::destroyForcibly);
		}
	}

	@Test
	void endWhenTheProcessHasPrintedMuchWaitsForAllOfIt() throws Exception {
		WorkerOutput output = pump("i=0; while [ $i -lt 20000 ]; do echo $i; i=$((i+1)); done");
		this.processes.get(0).waitFor();
		output.end().get(5, TimeUnit.SECONDS);
		assertThat(this.out.toString()).endsWith("\n19999\n");
	}

	private WorkerOutput pump(String script) throws IOException {
		return WorkerOutput.pump("test", start(script), this.outStream, this.errStream, false);
	}

	private Process start(String script) throws IOException {
		Process process = new ProcessBuilder("sh", "-c", script).start();
		this.processes.add(process);
		return process;
	}

	private void await(WorkerOutput output) throws Exception {
		for (Process process : this.processes) {
			process.waitFor();
		}
		output.end().get(5, TimeUnit.SECONDS);
	}

	private void awaitOut(String expected) {
		Awaitility.await()
			.atMost(Duration.ofSeconds(10))
			.untilAsserted(() -> assertThat(this.out).hasToString(expected));
	}

	/**
	 * A process whose standard output cannot be read at first.
	 */
	private static final class FailingOnce extends Process {

		private final Process process;

		private boolean failed;

		FailingOnce(Process process) {
			this.process = process;
		}

		@Override
		public InputStream getInputStream() {
			return new FilterInputStream(this.process.getInputStream()) {

				@Override
				public int read(byte[] bytes, int offset, int length) throws IOException {
					if (!FailingOnce.this.failed) {
						FailingOnce.this.failed = true;
						throw new IOException("Input/output error");
					}
					return super.read(bytes, offset, length);
				}

			};
		}

		@Override
		public InputStream getErrorStream() {
			return this.process.getErrorStream();
		}

		@Override
		public OutputStream getOutputStream() {
			return this.process.getOutputStream();
		}

		@Override
		public int waitFor() throws InterruptedException {
			return this.process.waitFor();
		}

		@Override
		public int exitValue() {
			return this.process.exitValue();
		}

		@Override
		public void destroy() {
			this.process.destroy();
		}

	}

}
