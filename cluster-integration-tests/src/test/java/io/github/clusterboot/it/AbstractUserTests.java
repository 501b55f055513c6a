package io.github.clusterboot.it;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a cluster does whoever it runs as, from its start to its end.
 */
abstract class AbstractUserTests {

	/**
	 * See {@code linux/capability.h}.
	 */
	static final long CAP_NET_ADMIN = 1L << 12;

	private static final int WORKERS = 2;

	private static final Duration TIME_TO_STOP = Duration.ofSeconds(5);

	@RegisterExtension
	private final ClusterExtension cluster = new ClusterExtension();

	private final RunAs user;

	AbstractUserTests(RunAs user) {
		this.user = user;
	}

	@BeforeEach
	void requireUser() {
		Assumptions.assumeTrue(this.user.isPossible(), "only root can run processes as " + this.user);
	}

	/**
	 * Fault F1.
	 */
	@Test
	void clusterServesRestartsAndStopsInTimeWithoutLosingARequest() throws IOException {
		ClusterApplication application = this.cluster.application().user(this.user).workers(WORKERS).start();
		application.awaitReady(WORKERS);
		assertThat(Stream.concat(Stream.of(application.pid()), application.workerPids().stream())).hasSize(1 + WORKERS)
			.allSatisfy((pid) -> {
				assertThat(ProcStatus.user(pid)).isEqualTo(this.user.id());
				assertCapabilities(ProcStatus.capabilities(pid));
			});
		assertThat(application.probe().get("/worker", 20, 4)).allMatch(HttpAnswer::isOk);
		application.signal("HUP");
		application.awaitGeneration(2, WORKERS);
		try (HttpConnection client = application.probe().connect()) {
			int worker = client.get("/worker").workerId();
			client.send("GET", "/slow?millis=2000", Map.of(), new byte[0]);
			application.awaitRequestIn(worker);
			application.signal("TERM");
			assertThat(client.receive()).matches(HttpAnswer::isOk);
			assertThat(application.awaitExit(TIME_TO_STOP)).isEqualTo(143);
		}
	}

	/**
	 * Check what a process of the cluster may do.
	 * @param capabilities a bit for each capability
	 */
	abstract void assertCapabilities(long capabilities);

}
