package io.github.clusterboot.bootstrap;

import java.net.InetAddress;
import java.net.InetSocketAddress;

import io.github.clusterboot.ClusterView;
import io.github.clusterboot.master.socket.ListenException;

import org.springframework.boot.ExitCodeGenerator;
import org.springframework.boot.web.server.PortInUseException;

/**
 * Turns a {@link ListenException} into what Spring Boot makes a failure report of.
 */
final class ListenFailure {

	private ListenFailure() {
	}

	static RuntimeException of(ListenException failure) {
		InetSocketAddress address = failure.getAddress();
		return switch (failure.getReason()) {
			case ADDRESS_IN_USE -> new MasterPortInUseException(address.getPort(), failure);
			case PERMISSION_DENIED -> permissionDenied(address.getPort(), failure);
			case ADDRESS_NOT_AVAILABLE -> addressNotAvailable(address, failure);
			case UNUSABLE_PASSED_SOCKET -> unusablePassedSocket(failure);
			case OTHER -> other(address, failure);
		};
	}

	private static RuntimeException permissionDenied(int port, ListenException failure) {
		return new ClusterStartException(
				"The master may not listen on port %d, the value of %s: the port is privileged.".formatted(port,
						settingOf(failure, "port")),
				("Set %s to an unprivileged port (on Linux 1024 and above, if net.ipv4.ip_unprivileged_port_start is "
						+ "left alone), or 0 for any free one. To use port %d, give the java binary the capability "
						+ "CAP_NET_BIND_SERVICE, or lower net.ipv4.ip_unprivileged_port_start to %d.")
					.formatted(settingOf(failure, "port"), port, port),
				failure);
	}

	private static RuntimeException addressNotAvailable(InetSocketAddress address, ListenException failure) {
		String host = hostOf(address);
		String setting = settingOf(failure, "address");
		return new ClusterStartException(
				"The master cannot listen on address %s, the value of %s: no network interface of this machine has it."
					.formatted(host, setting),
				"Set %s to an address of this machine, or remove it to listen on all of them.".formatted(setting),
				failure);
	}

	private static RuntimeException unusablePassedSocket(ListenException failure) {
		return new ClusterStartException(
				"The master cannot listen on the socket that it was started with for '%s': %s"
					.formatted(failure.getListener(), failure.getMessage()),
				"Have the socket unit listen on a TCP port (ListenStream=8080, Accept=no), name it after its listener "
						+ "(FileDescriptorName=%s), or start the application without it."
							.formatted(failure.getListener()),
				failure);
	}

	private static RuntimeException other(InetSocketAddress address, ListenException failure) {
		return new ClusterStartException(
				"The master cannot listen on %s port %d: %s".formatted(hostOf(address), address.getPort(),
						failure.getMessage()),
				"Set %s and %s to an address and a port that this machine can listen on."
					.formatted(settingOf(failure, "address"), settingOf(failure, "port")),
				failure);
	}

	/**
	 * Code, not a property, sets up what has a number in its name.
	 */
	private static String settingOf(ListenException failure, String name) {
		return switch (failure.getListener()) {
			case ClusterView.Listener.SERVER -> "'server." + name + "'";
			case ClusterView.Listener.MANAGEMENT -> "'management.server." + name + "'";
			default -> "the %s of the connector '%s'".formatted(name, failure.getListener());
		};
	}

	private static String hostOf(InetSocketAddress socketAddress) {
		InetAddress address = socketAddress.getAddress();
		return (address != null) ? address.getHostAddress() : socketAddress.getHostString();
	}

	/**
	 * A {@link PortInUseException}, which Spring Boot itself reports, with an exit code.
	 */
	private static final class MasterPortInUseException extends PortInUseException implements ExitCodeGenerator {

		MasterPortInUseException(int port, ListenException cause) {
			super(port, cause);
		}

		@Override
		public int getExitCode() {
			return 1;
		}

	}

}
