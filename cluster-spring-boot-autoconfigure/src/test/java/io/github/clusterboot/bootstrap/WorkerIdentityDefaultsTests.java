package io.github.clusterboot.bootstrap;

import java.util.Map;

import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link WorkerIdentityDefaults}.
 */
class WorkerIdentityDefaultsTests {

	private static final String PLACEHOLDERS = "${cluster.worker.id}-${cluster.worker.index}-${cluster.worker.generation}";

	private final MockEnvironment environment = new MockEnvironment();

	@Test
	void postProcessEnvironmentWhenNoWorkerResolvesPlaceholders() {
		postProcess();
		assertThat(this.environment.resolveRequiredPlaceholders(PLACEHOLDERS)).isEqualTo("0-0-0");
	}

	@Test
	void postProcessEnvironmentWhenWorkerLeavesIdentityAlone() {
		this.environment.withProperty("cluster.worker.id", "7")
			.withProperty("cluster.worker.index", "3")
			.withProperty("cluster.worker.generation", "2");
		postProcess();
		assertThat(this.environment.resolveRequiredPlaceholders(PLACEHOLDERS)).isEqualTo("7-3-2");
		assertThat(this.environment.getPropertySources()).hasSize(1);
	}

	@Test
	void ofMasterWhenDefaultsAreThereTellsMasterFromFirstWorker() {
		postProcess();
		WorkerIdentityDefaults.ofMaster(this.environment);
		assertThat(this.environment.resolveRequiredPlaceholders(PLACEHOLDERS)).isEqualTo("0-master-0");
	}

	/**
	 * Fault A6.
	 */
	@Test
	void postProcessEnvironmentWhenApplicationBindsThePrefixAddsNothingToIt() {
		this.environment.withProperty("cluster.restart", "always");
		postProcess();
		assertThat(Binder.get(this.environment).bind("cluster", Bindable.mapOf(String.class, String.class)).get())
			.isEqualTo(Map.of("restart", "always"));
	}

	private void postProcess() {
		new WorkerIdentityDefaults().postProcessEnvironment(this.environment, new SpringApplication());
	}

}
