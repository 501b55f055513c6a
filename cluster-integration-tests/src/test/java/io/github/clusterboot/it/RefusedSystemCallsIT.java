package io.github.clusterboot.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The kernel refuses what the master asks for: the cluster goes on, or the master ends
 * and says why. No client hangs, {@code TERM} ends it in time, nothing is left.
 * <p>
 * The long run writes {@code target/it/refused-system-calls.md}, the table of
 * {@code docs/internals/refused-system-calls.md}.
 */
@Tag("alone")
class RefusedSystemCallsIT {

	private static final List<String> rows = new ArrayList<>();

	@RegisterExtension
	private final ClusterExtension cluster = new ClusterExtension();

	@BeforeAll
	static void requireTracer() {
		String reason = RefusingTracer.unavailability();
		Assumptions.assumeTrue(reason == null, reason);
	}

	/**
	 * One refusal each of what the master has nothing else for.
	 */
	@ParameterizedTest
	@EnumSource(names = { "SERVES", "STOPS" })
	void callsWhenRefusedOnceDoNotKeepTheClusterFromGoingOn(RefusedPhase phase) {
		Refusal refusal = new Refusal(List.of("sendmsg", "setsockopt"), "ENOMEM", false);
		RefusedOutcome outcome = calls(refusal).in(phase);
		assertThat(outcome.wrong()).as(outcome.toString()).isFalse();
		assertThat(outcome.refused()).isPositive();
	}

	@ParameterizedTest
	@MethodSource
	@EnabledIf("io.github.clusterboot.it.ItSettings#isLong")
	void callsWhenRefusedHaveAnEndThatIsTold(Refusal refusal) throws IOException {
		RefusedSystemCalls calls = calls(refusal);
		List<RefusedOutcome> outcomes = Stream.of(RefusedPhase.values()).map(calls::in).toList();
		String row = row(refusal, outcomes);
		rows.add(row);
		writeTable();
		assertThat(outcomes).as(row).noneMatch(RefusedOutcome::wrong);
	}

	private static void writeTable() throws IOException {
		Path file = ItSettings.directory().resolve("refused-system-calls.md");
		Files.writeString(file, """
				| system call | error | how often | while it starts | serves | restarts | stops | longest wait |
				|---|---|---|---|---|---|---|---|
				""" + String.join("\n", rows) + "\n");
	}

	static Stream<Refusal> callsWhenRefusedHaveAnEndThatIsTold() {
		return Stream
			.of(Refusal.of("EPERM", "setsockopt"), Refusal.of("EPERM", "bind"), Refusal.of("EPERM", "listen"),
					Refusal.of("EMFILE", "accept4"), Refusal.of("ENOMEM", "accept4"), Refusal.of("ENOMEM", "sendmsg"),
					Refusal.of("EPERM", "sendmsg"), Refusal.of("ENOMEM", "recvmsg"), Refusal.of("EMFILE", "openat"),
					Refusal.of("EIO", "openat"), Refusal.of("ENOMEM", "mmap"), Refusal.of("ENOSPC", "ftruncate"),
					Refusal.of("ENOSPC", "fallocate"), Refusal.of("ENOMEM", "epoll_ctl"), Refusal.of("EPERM", "kill"),
					Refusal.of("ENOMEM", "clone", "clone3", "vfork"), Refusal.of("EIO", "statx", "newfstatat"))
			.flatMap((both) -> both)
			.filter(RefusedSystemCallsIT::isWanted);
	}

	/**
	 * {@code -Dit.calls=sendmsg,kill} tries those only.
	 */
	private static boolean isWanted(Refusal refusal) {
		String calls = System.getProperty("it.calls");
		return calls == null || refusal.calls().stream().anyMatch(List.of(calls.split(","))::contains);
	}

	private RefusedSystemCalls calls(Refusal refusal) {
		return new RefusedSystemCalls(this.cluster::application, refusal);
	}

	private static String row(Refusal refusal, List<RefusedOutcome> outcomes) {
		Duration longest = outcomes.stream()
			.map(RefusedOutcome::longestWait)
			.max(Duration::compareTo)
			.orElse(Duration.ZERO);
		String cells = outcomes.stream().map(RefusedOutcome::cell).collect(Collectors.joining(" | "));
		String calls = refusal.calls().stream().map((call) -> "`" + call + "`").collect(Collectors.joining(", "));
		return "| %s | `%s` | %s | %s | %s |".formatted(calls, refusal.error(), refusal.frequency(), cells,
				RefusedSystemCalls.seconds(longest));
	}

}
