package io.github.clusterboot.master;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MasterSignals} that come before there is a cluster, in a process of
 * its own. Fault C3.
 */
@Timeout(60)
class MasterSignalsTests {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	@Test
	void terminateWhenThereIsNothingToStopEndsTheProcess() throws Exception {
		assertEndsOn("TERM", 143);
	}

	@Test
	void interruptWhenThereIsNothingToStopEndsTheProcess() throws Exception {
		assertEndsOn("INT", 130);
	}

	private static void assertEndsOn(String signal, int exitCode) throws Exception {
		Process process = new ProcessBuilder(ChildJvm.command(SignalProbe.class, List.of())).redirectErrorStream(true)
			.start();
		try {
			OutputLines output = OutputLines.of(process, Path.of("target/masters"));
			output.await("waiting", PATIENCE);
			MasterRunner.signal(signal, process.pid());
			assertThat(process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
			assertThat(process.exitValue()).isEqualTo(exitCode);
			output.await("The master's JVM has not ended in time and is halted", PATIENCE);
		}
		finally {
			process.destroyForcibly();
		}
	}

	@Test
	void hangUpWhenThereIsNothingToRestartWaits() throws Exception {
		Process process = start();
		try {
			MasterRunner.signal("HUP", process.pid());
			assertThat(process.waitFor(500, TimeUnit.MILLISECONDS)).isFalse();
		}
		finally {
			process.destroyForcibly();
		}
	}

	@Test
	void hangUpWhenTheProcessIsAboutToBecomeAMasterIsIgnoredWithALine(@TempDir Path directory) throws Exception {
		Path gate = directory.resolve("gate");
		Process process = new ProcessBuilder(ChildJvm.command(SignalProbe.class, List.of(), gate.toString()))
			.redirectErrorStream(true)
			.start();
		try {
			OutputLines output = OutputLines.of(process, Path.of("target/masters"));
			output.await("about to become a master", PATIENCE);
			MasterRunner.signal("HUP", process.pid());
			assertThat(process.waitFor(500, TimeUnit.MILLISECONDS)).isFalse();
			Files.createFile(gate);
			output.await("SIGHUP ignored", PATIENCE);
			assertThat(process.isAlive()).isTrue();
		}
		finally {
			process.destroyForcibly();
		}
	}

	private static Process start() throws Exception {
		Process process = new ProcessBuilder(ChildJvm.command(SignalProbe.class, List.of())).redirectErrorStream(true)
			.start();
		OutputLines.of(process, Path.of("target/masters")).await("waiting", PATIENCE);
		return process;
	}

}
