package io.github.clusterboot.bootstrap;

import java.net.InetSocketAddress;

import io.github.clusterboot.master.ListenException;
import org.junit.jupiter.api.Test;

import org.springframework.boot.ExitCodeGenerator;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link ListenFailure}. Covers row P3 of the conformance list.
 */
class ListenFailureTests {

	private final MockEnvironment environment = new MockEnvironment();

	private final ListenFailure failure = new ListenFailure(this.environment);

	@Test
	void ofWhenPortIsInUseIsSpringBootsOwnException() {
		RuntimeException exception = this.failure
			.of(listenException("0.0.0.0", 8080, ListenException.Cause.ADDRESS_IN_USE));
		assertThat(exception).isInstanceOfSatisfying(PortInUseException.class,
				(portInUse) -> assertThat(portInUse.getPort()).isEqualTo(8080));
		assertThat(((ExitCodeGenerator) exception).getExitCode()).isOne();
	}

	@Test
	void ofWhenPortIsPrivilegedTellsKeyValueAndWhatIsAllowed() {
		this.environment.withProperty("server.port", "80");
		ClusterStartException exception = report("0.0.0.0", 80, ListenException.Cause.PERMISSION_DENIED);
		assertThat(exception).hasMessageContaining("port 80").hasMessageContaining("'server.port'");
		assertThat(exception.getAction()).contains("1024", "CAP_NET_BIND_SERVICE",
				"net.ipv4.ip_unprivileged_port_start");
	}

	@Test
	void ofWhenManagementPortIsPrivilegedTellsItsKey() {
		this.environment.withProperty("management.server.port", "81");
		assertThat(report("0.0.0.0", 81, ListenException.Cause.PERMISSION_DENIED))
			.hasMessageContaining("'management.server.port'");
	}

	@Test
	void ofWhenAddressIsNotAvailableTellsKeyAndValue() {
		this.environment.withProperty("server.address", "192.0.2.1");
		ClusterStartException exception = report("192.0.2.1", 8080, ListenException.Cause.ADDRESS_NOT_AVAILABLE);
		assertThat(exception).hasMessageContaining("192.0.2.1").hasMessageContaining("'server.address'");
		assertThat(exception.getAction()).contains("'server.address'");
	}

	@Test
	void ofWhenAnythingElseTellsTheSystemsReason() {
		ClusterStartException exception = report("127.0.0.1", 8080, ListenException.Cause.OTHER);
		assertThat(exception).hasMessageContaining("127.0.0.1 port 8080").hasMessageContaining("bind failed");
		assertThat(exception.getAction()).contains("'server.address'", "'server.port'");
	}

	private ClusterStartException report(String host, int port, ListenException.Cause reason) {
		RuntimeException exception = this.failure.of(listenException(host, port, reason));
		assertThat(exception).isInstanceOf(ClusterStartException.class);
		return (ClusterStartException) exception;
	}

	private ListenException listenException(String host, int port, ListenException.Cause reason) {
		ListenException exception = mock(ListenException.class);
		given(exception.getAddress()).willReturn(new InetSocketAddress(host, port));
		given(exception.getReason()).willReturn(reason);
		given(exception.getMessage()).willReturn("bind failed");
		return exception;
	}

}
