package io.github.clusterboot.bootstrap;

import java.net.InetSocketAddress;

import io.github.clusterboot.master.socket.ListenException;
import org.junit.jupiter.api.Test;

import org.springframework.boot.ExitCodeGenerator;
import org.springframework.boot.web.server.PortInUseException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link ListenFailure}. Covers row P3 of the conformance list.
 */
class ListenFailureTests {

	@Test
	void ofWhenPortIsInUseIsSpringBootsOwnException() {
		RuntimeException exception = ListenFailure
			.of(listenException("server", "0.0.0.0", 8080, ListenException.Reason.ADDRESS_IN_USE));
		assertThat(exception).isInstanceOfSatisfying(PortInUseException.class,
				(portInUse) -> assertThat(portInUse.getPort()).isEqualTo(8080));
		assertThat(((ExitCodeGenerator) exception).getExitCode()).isOne();
	}

	@Test
	void ofWhenPortIsPrivilegedTellsKeyValueAndWhatIsAllowed() {
		ClusterStartException exception = report("server", "0.0.0.0", 80, ListenException.Reason.PERMISSION_DENIED);
		assertThat(exception).hasMessageContaining("port 80").hasMessageContaining("'server.port'");
		assertThat(exception.getAction()).contains("1024", "CAP_NET_BIND_SERVICE",
				"net.ipv4.ip_unprivileged_port_start");
	}

	@Test
	void ofWhenManagementPortIsPrivilegedTellsItsKey() {
		assertThat(report("management", "0.0.0.0", 81, ListenException.Reason.PERMISSION_DENIED))
			.hasMessageContaining("'management.server.port'");
	}

	@Test
	void ofWhenTheListenerIsAFurtherConnectorsTellsItsName() {
		ClusterStartException exception = report("server-2", "0.0.0.0", 81, ListenException.Reason.PERMISSION_DENIED);
		assertThat(exception).hasMessageContaining("the port of the connector 'server-2'");
		assertThat(exception.getAction()).startsWith("Set the port of the connector 'server-2' to ");
	}

	@Test
	void ofWhenAddressIsNotAvailableTellsKeyAndValue() {
		ClusterStartException exception = report("server", "192.0.2.1", 8080,
				ListenException.Reason.ADDRESS_NOT_AVAILABLE);
		assertThat(exception).hasMessageContaining("192.0.2.1").hasMessageContaining("'server.address'");
		assertThat(exception.getAction()).contains("'server.address'");
	}

	@Test
	void ofWhenAnythingElseTellsTheSystemsReason() {
		ClusterStartException exception = report("server", "127.0.0.1", 8080, ListenException.Reason.OTHER);
		assertThat(exception).hasMessageContaining("127.0.0.1 port 8080").hasMessageContaining("bind failed");
		assertThat(exception.getAction()).contains("'server.address'", "'server.port'");
	}

	private ClusterStartException report(String listener, String host, int port, ListenException.Reason reason) {
		RuntimeException exception = ListenFailure.of(listenException(listener, host, port, reason));
		assertThat(exception).isInstanceOf(ClusterStartException.class);
		return (ClusterStartException) exception;
	}

	private ListenException listenException(String listener, String host, int port, ListenException.Reason reason) {
		ListenException exception = mock(ListenException.class);
		given(exception.getListener()).willReturn(listener);
		given(exception.getAddress()).willReturn(new InetSocketAddress(host, port));
		given(exception.getReason()).willReturn(reason);
		given(exception.getMessage()).willReturn("bind failed");
		return exception;
	}

}
