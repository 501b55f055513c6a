package io.github.clusterboot.sample;

import io.github.clusterboot.Cluster;
import io.github.clusterboot.ClusterRole;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.SpringBootTest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Tests for {@link SampleApplication}.
 */
@SpringBootTest
class SampleApplicationTests {

	@Autowired
	private Cluster cluster;

	@Test
	void runWhenInTestIsStandaloneAndStartsNoProcess() {
		assertThat(this.cluster.getRole()).isEqualTo(ClusterRole.STANDALONE);
		assertThat(this.cluster.getWorker().id()).isZero();
		assertThat(ProcessHandle.current().children()).isEmpty();
	}

	@Test
	void runWhenToldToFailSaysSo() {
		assertThatException()
			.isThrownBy(() -> new SpringApplicationBuilder(SampleApplication.class).run("--sample.fail-start=true",
					"--server.port=0", "--logging.level.root=off", "--spring.main.banner-mode=off"))
			.withRootCauseInstanceOf(IllegalStateException.class)
			.havingRootCause()
			.withMessage("This worker does not start: sample.fail-start=true");
	}

}
