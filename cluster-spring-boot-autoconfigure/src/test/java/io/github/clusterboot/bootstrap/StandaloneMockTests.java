package io.github.clusterboot.bootstrap;

import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for an application with the starter under test, in a mock environment.
 */
@SpringBootTest(classes = StandaloneApplication.class)
class StandaloneMockTests {

	@Test
	void startWhenUnderTestStartsNoProcess(
			@Value("${cluster.worker.id}-${cluster.worker.index}-${cluster.worker.generation}") String identity) {
		assertThat(ProcessHandle.current().children()).isEmpty();
		assertThat(identity).isEqualTo("0-0-0");
	}

}
