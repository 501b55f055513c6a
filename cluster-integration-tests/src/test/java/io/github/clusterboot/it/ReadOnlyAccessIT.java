package io.github.clusterboot.it;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The cluster cannot be changed over HTTP unless the application allows it.
 */
class ReadOnlyAccessIT {

	@RegisterExtension
	private final ClusterExtension cluster = new ClusterExtension();

	@Test
	void changeWhenAccessIsReadOnlyIsNotAllowedAndChangesNothing() {
		ClusterApplication application = this.cluster.application()
			.workers(1)
			.args("--management.endpoint.cluster.access=read-only")
			.start();
		ClusterReport before = application.awaitReady(1);
		assertThat(application.change("{\"workers\":2}").status()).isEqualTo(405);
		assertThat(application.change("{\"action\":\"restart\"}").status()).isEqualTo(405);
		assertThat(application.change(before.workers().get(0).id(), "{\"action\":\"restart\"}").status())
			.isEqualTo(405);
		ClusterReport after = application.report();
		assertThat(List.of(after.size(), after.generation())).isEqualTo(List.of(before.size(), before.generation()));
	}

}
