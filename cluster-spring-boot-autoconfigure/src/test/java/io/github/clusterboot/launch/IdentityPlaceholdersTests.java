package io.github.clusterboot.launch;

import java.nio.file.Path;

import io.github.clusterboot.master.process.WorkerLaunch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.env.RandomValuePropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.mock.env.MockPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link IdentityPlaceholders}. Fault A10.
 */
class IdentityPlaceholdersTests {

	private final MockPropertySource properties = new MockPropertySource();

	@ParameterizedTest
	@CsvSource({ "${cluster.worker.id}, 7", "2199${cluster.worker.index}, 21993", "${cluster.worker.generation:1}, 2",
			"${cluster.worker.index:${port}}, 3", "${port}, 5000", "${indirect}, 3",
			"${PORT_${cluster.worker.index}}, 33", "${PORT_${cluster.worker.id}:9}, 9",
			"${PORT_${cluster.worker.id}:${port}}, 5000", "${unknown}, ${unknown}", "plain, plain" })
	void resolveReturnsTheWorkersValue(String value, String expected) {
		this.properties.withProperty("port", "5000")
			.withProperty("indirect", "${cluster.worker.index}")
			.withProperty("PORT_3", "33")
			.withProperty("cluster.worker.index", "0")
			.withProperty("setting", value);
		StandardEnvironment environment = environment();
		IdentityPlaceholders placeholders = IdentityPlaceholders.of(environment);
		assertThat(placeholders.resolve(bind(placeholders), worker(7))).isEqualTo(expected);
	}

	@Test
	void resolveWhenAValueIsRandomGivesAllWorkersTheSame() {
		this.properties.withProperty("setting", "${random.uuid} ${cluster.worker.id}");
		IdentityPlaceholders placeholders = IdentityPlaceholders.of(environment());
		String bound = bind(placeholders);
		assertThat(placeholders.resolve(bound, worker(1)).replace(" 1", " 2"))
			.isEqualTo(placeholders.resolve(bound, worker(2)));
	}

	private StandardEnvironment environment() {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources().addLast(this.properties);
		RandomValuePropertySource.addToEnvironment(environment);
		return environment;
	}

	private static String bind(IdentityPlaceholders placeholders) {
		return placeholders.binder().bind("setting", String.class).get();
	}

	private static WorkerLaunch worker(int id) {
		return new WorkerLaunch(id, 3, 2, Path.of("run"));
	}

}
