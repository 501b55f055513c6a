package io.github.clusterboot.bootstrap;

import java.time.Duration;
import java.util.Map;

import io.github.clusterboot.autoconfigure.ClusterProperties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.env.SimpleCommandLinePropertySource;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link ClusterPropertiesReader}.
 */
class ClusterPropertiesReaderTests {

	private final MockEnvironment environment = new MockEnvironment();

	private final ClusterPropertiesReader reader = new ClusterPropertiesReader(this.environment);

	@Test
	void readWhenNothingIsSetHasDefaults() {
		ClusterProperties properties = this.reader.read();
		assertThat(properties.isEnabled()).isTrue();
		assertThat(properties.getWorkers()).isEqualTo("auto");
		assertThat(properties.getBacklog()).isEqualTo(1024);
		assertThat(properties.getWorker().getJvmArgs()).isEmpty();
		assertThat(properties.getWorker().getEnvironment()).isEmpty();
		assertThat(properties.getWorker().getStartTimeout()).isEqualTo(Duration.ofSeconds(120));
		assertThat(properties.getWorker().getDrainTimeout()).isEqualTo(Duration.ofSeconds(30));
		assertThat(properties.getWorker().getHeartbeatTimeout()).isEqualTo(Duration.ofSeconds(30));
		assertThat(properties.getRestart().getInitialDelay()).isEqualTo(Duration.ofMillis(100));
		assertThat(properties.getRestart().getMultiplier()).isEqualTo(2);
		assertThat(properties.getRestart().getMaxDelay()).isEqualTo(Duration.ofSeconds(30));
		assertThat(properties.getRestart().getResetAfter()).isEqualTo(Duration.ofSeconds(30));
		assertThat(properties.getShutdown().getTimeout()).isEqualTo(Duration.ofSeconds(60));
	}

	@Test
	void readWhenValuesAreSetBindsThem() {
		this.environment.withProperty("cluster.backlog", "1")
			.withProperty("cluster.worker.start-timeout", "2m")
			.withProperty("cluster.worker.environment.FOO_BAR", "baz")
			.withProperty("cluster.restart.initial-delay", "0")
			.withProperty("cluster.restart.multiplier", "1")
			.withProperty("cluster.restart.reset-after", "PT1H");
		ClusterProperties properties = this.reader.read();
		assertThat(properties.getBacklog()).isOne();
		assertThat(properties.getWorker().getStartTimeout()).isEqualTo(Duration.ofMinutes(2));
		assertThat(properties.getWorker().getEnvironment()).isEqualTo(Map.of("FOO_BAR", "baz"));
		assertThat(properties.getRestart().getInitialDelay()).isZero();
		assertThat(properties.getRestart().getMultiplier()).isOne();
		assertThat(properties.getRestart().getResetAfter()).isEqualTo(Duration.ofHours(1));
	}

	/**
	 * In the master the index has the value of {@link WorkerIdentityDefaults}, which must
	 * not become that of its workers.
	 */
	@Test
	void readWhenPlaceholdersAreOfTheIdentityPutsThemOff() {
		this.environment.withProperty("cluster.worker.index", "master")
			.withProperty("cluster.worker.jvm-args", "-Dindex=${cluster.worker.index},-Dport=${server.port}")
			.withProperty("cluster.worker.environment.NAME", "w${cluster.worker.index}")
			.withProperty("server.port", "8080");
		ClusterProperties.Worker worker = this.reader.read().getWorker();
		assertThat(worker.getJvmArgs()).hasSize(2)
			.contains("-Dport=8080")
			.noneMatch((option) -> option.contains("master"));
		assertThat(worker.getEnvironment().get("NAME")).startsWith("w").doesNotContain("master");
	}

	@ParameterizedTest
	@CsvSource({ "0, 0", "1, 1", "' 7 ', 7", "512, 512" })
	void readWorkersWhenNumberIsSetReturnsIt(String value, int expected) {
		this.environment.withProperty("cluster.workers", value);
		assertThat(this.reader.readWorkers()).isEqualTo(expected);
	}

	@ParameterizedTest
	@ValueSource(strings = { "auto", "AUTO", "" })
	void readWorkersWhenAutoReturnsProcessors(String value) {
		this.environment.withProperty("cluster.workers", value);
		assertThat(this.reader.readWorkers()).isEqualTo(Math.min(Runtime.getRuntime().availableProcessors(), 512));
	}

	@ParameterizedTest
	@CsvSource({ "cluster.workers, 2", "cluster.workers, auto", "cluster.workers, ${missing}",
			"cluster.enabled, true" })
	void isAskedForWhenSetIsTrue(String name, String value) {
		assertThat(this.reader.isAskedFor()).isFalse();
		this.environment.withProperty(name, value);
		assertThat(this.reader.isAskedFor()).isTrue();
		assertThat(this.reader.isAskedForOnCommandLine()).isFalse();
	}

	@ParameterizedTest
	@CsvSource({ "cluster.workers, 0", "cluster.workers, ''", "cluster.backlog, 5" })
	void isAskedForWhenNoClusterIsMeantIsFalse(String name, String value) {
		this.environment.withProperty(name, value);
		assertThat(this.reader.isAskedFor()).isFalse();
	}

	@Test
	void isAskedForWhenDisabledIsFalse() {
		this.environment.withProperty("cluster.workers", "2").withProperty("cluster.enabled", "false");
		setCommandLine("--cluster.workers=2");
		assertThat(this.reader.isAskedFor()).isFalse();
		assertThat(this.reader.isAskedForOnCommandLine()).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "--cluster.workers=2", "--cluster.workers=auto", "--cluster.enabled=true" })
	void isAskedForOnCommandLineWhenThereIsTrue(String argument) {
		setCommandLine(argument);
		assertThat(this.reader.isAskedForOnCommandLine()).isTrue();
	}

	@Test
	void isAskedForOnCommandLineWhenOtherArgumentsAreThereIsFalse() {
		setCommandLine("--server.port=0");
		assertThat(this.reader.isAskedForOnCommandLine()).isFalse();
	}

	private void setCommandLine(String... arguments) {
		this.environment.getPropertySources().addFirst(new SimpleCommandLinePropertySource(arguments));
	}

	/**
	 * Fault A6.
	 */
	@Test
	void readWhenPropertyIsTheApplicationsOwnNamesTheOwnerOfThePrefix() {
		this.environment.withProperty("cluster.restart", "always");
		assertThatExceptionOfType(ClusterStartException.class).isThrownBy(this.reader::read)
			.withMessageContaining("cluster.restart")
			.withMessageContaining("always")
			.satisfies((ex) -> assertThat(ex.getAction()).contains("belong to cluster-spring-boot-starter",
					"'cluster.enabled' to false"));
	}

	@Test
	void isNonWebWhenSetFollowsTheValue() {
		assertThat(this.reader.isNonWeb()).isFalse();
		this.environment.withProperty("cluster.non-web", "true");
		assertThat(this.reader.isNonWeb()).isTrue();
	}

	@Test
	void isEnabledWhenSetFollowsTheValue() {
		assertThat(this.reader.isEnabled()).isTrue();
		this.environment.withProperty("cluster.enabled", "false");
		assertThat(this.reader.isEnabled()).isFalse();
	}

	@Test
	void isEnabledWhenUnusableTellsWhatIsAllowed() {
		this.environment.withProperty("cluster.enabled", "maybe");
		assertThatExceptionOfType(ClusterStartException.class).isThrownBy(this.reader::isEnabled)
			.withMessageContaining("Property: cluster.enabled")
			.withMessageContaining("Value: \"maybe\"")
			.satisfies((ex) -> assertThat(ex.getAction()).startsWith("Set 'cluster.enabled' to 'true' or 'false'."));
	}

	@ParameterizedTest
	@CsvSource({ "cluster.workers, abc, whole number from 0 to 512",
			"cluster.workers, -1, one worker for each available processor",
			"cluster.workers, 513, whole number from 0 to 512", "cluster.workers, 1.5, whole number from 0 to 512",
			"cluster.backlog, 0, whole number from 1", "cluster.backlog, 99999999999, whole number from 1",
			"cluster.worker.start-timeout, soon, a duration longer than 0",
			"cluster.worker.start-timeout, 0, a duration longer than 0",
			"cluster.worker.drain-timeout, -1s, a duration longer than 0",
			"cluster.worker.drain-timeout, 99999999d, a duration longer than 0 and up to 36500 days",
			"cluster.shutdown.timeout, 99999999999d, a duration longer than 0 and up to 36500 days",
			"cluster.worker.heartbeat-timeout, 99999999d, a duration of at least 2s and up to 36500 days",
			"cluster.worker.max-lifetime, 99999999d, a duration up to 36500 days",
			"cluster.restart.max-delay, 99999999d, a duration of 0 or longer and up to 36500 days",
			"cluster.worker.heartbeat-timeout, 0s, a duration of at least 2s",
			"cluster.worker.heartbeat-timeout, 1999ms, a duration of at least 2s",
			"cluster.worker.max-requests, -1, a whole number", "cluster.worker.max-requests, many, a whole number",
			"cluster.worker.max-lifetime, -1h, or 0 for no limit", "cluster.worker.max-lifetime, old, a duration",
			"cluster.worker.max-memory, -1MB, or 0 for no limit", "cluster.worker.max-memory, off, a size",
			"cluster.shutdown.timeout, 1 minute, a duration longer than 0",
			"cluster.restart.initial-delay, -1ms, a duration of 0 or longer",
			"cluster.restart.max-delay, x, a duration of 0 or longer",
			"cluster.restart.reset-after, -5m, a duration of 0 or longer",
			"cluster.restart.multiplier, 0.9, a number of at least 1",
			"cluster.restart.multiplier, NaN, a number of at least 1",
			"cluster.restart.multiplier, Infinity, a number of at least 1",
			"cluster.restart.multiplier, two, a number of at least 1" })
	void readWhenValueIsUnusableTellsKeyValueAndWhatIsAllowed(String name, String value, String allowed) {
		this.environment.withProperty(name, value);
		assertThatExceptionOfType(ClusterStartException.class).isThrownBy(this.reader::read)
			.withMessageContaining("Property: " + name)
			.withMessageContaining("Value: \"" + value + "\"")
			.withMessageContaining("Origin: \"" + name + "\" from property source \"mockProperties\"")
			.satisfies((ex) -> {
				assertThat(ex.getMessage()).doesNotContain("Reason");
				assertThat(ex.getAction()).startsWith("Set '" + name + "' to ").contains(allowed);
				assertThat(ex.getExitCode()).isOne();
			});
	}

	@Test
	void readWhenNameOfVariableIsUnusableTellsWhatIsAllowed() {
		this.environment.withProperty("cluster.worker.environment[A=B]", "c");
		assertThatExceptionOfType(ClusterStartException.class).isThrownBy(this.reader::read)
			.withMessageContaining("Property: cluster.worker.environment")
			.satisfies((ex) -> assertThat(ex.getAction()).contains("have no '='"));
	}

	@Test
	void readWhenPlaceholderIsUnresolvedTellsTheReason() {
		this.environment.withProperty("cluster.backlog", "${no.such.property}");
		assertThatExceptionOfType(ClusterStartException.class).isThrownBy(this.reader::read)
			.withMessageContaining("Property: cluster.backlog")
			.withMessageContaining("no.such.property");
	}

	@Test
	void readWhenElementIsMissingTellsTheReason() {
		this.environment.withProperty("cluster.worker.jvm-args[1]", "-Xss1m");
		assertThatExceptionOfType(ClusterStartException.class).isThrownBy(this.reader::read)
			.withMessageContaining("Property: cluster.worker.jvm-args")
			.withMessageContaining("Reason: ");
	}

	@Test
	void readWhenValueComesFromEnvironmentVariableTellsItsName() {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources()
			.replace("systemEnvironment",
					new SystemEnvironmentPropertySource("systemEnvironment", Map.of("CLUSTER_WORKERS", "many")));
		assertThatExceptionOfType(ClusterStartException.class)
			.isThrownBy(new ClusterPropertiesReader(environment)::read)
			.withMessageContaining("Origin: \"CLUSTER_WORKERS\" from property source \"systemEnvironment\"");
	}

}
