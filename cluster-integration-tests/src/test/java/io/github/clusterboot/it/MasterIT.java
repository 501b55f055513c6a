package io.github.clusterboot.it;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the master is and whom it lets in: one that was started as a service manager does
 * it, and that cannot be changed over HTTP since the application does not allow it.
 */
class MasterIT {

	/**
	 * A line of the hierarchy, such as
	 * {@code |  |--org.example.One/0x00007f137c10e3b0 (intf)}.
	 */
	private static final Pattern LOADED = Pattern.compile("^[| ]*\\|--([\\w.$]+)\\S*( \\(intf\\))?$",
			Pattern.MULTILINE);

	private static final Pattern WEB = Pattern
		.compile("(jakarta\\.servlet|org\\.apache\\.(catalina|coyote|tomcat)|org\\.springframework\\.(web|http))\\..*");

	@RegisterExtension
	private static final ClusterExtension cluster = new ClusterExtension();

	private static ClusterApplication application;

	@BeforeAll
	static void start() {
		application = cluster.application()
			.workers(1)
			.args("--management.endpoint.cluster.access=read-only")
			.environment("NOTIFY_SOCKET", "/nonexistent/notify")
			.environment("LISTEN_PID", "1")
			.environment("LISTEN_FDS", "1")
			.environment("LISTEN_FDNAMES", "server")
			.environment("WATCHDOG_PID", "1")
			.environment("WATCHDOG_USEC", "1000000")
			.start();
		application.awaitReady(1);
	}

	@Test
	void masterWhenRunningHasLoadedNoWebClassAndNoApplicationContext() {
		Set<String> classes = new TreeSet<>();
		Set<String> interfaces = new TreeSet<>();
		LOADED.matcher(JdkCommand.jcmd(application.pid(), "VM.class_hierarchy"))
			.results()
			.forEach((loaded) -> ((loaded.group(2) != null) ? interfaces : classes).add(loaded.group(1)));
		assertThat(classes).contains("io.github.clusterboot.master.ClusterMaster");
		assertThat(classes.stream().filter((name) -> name.endsWith("ApplicationContext"))).isEmpty();
		assertThat(Stream.of(classes, interfaces).flatMap(Set::stream).filter(WEB.asMatchPredicate())).isEmpty();
	}

	@Test
	void masterAndWorkersListenOnThePortOfTheApplicationAlone() {
		assertThat(TcpConnections.listening(application.pid())).isOne();
		assertThat(application.workerPids()).allMatch((pid) -> TcpConnections.listening(pid) == 0);
	}

	@Test
	void socketWhenStrangerConnectsDropsIt() throws IOException {
		Path directory = application.runDirectories().get(0);
		assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory))).isEqualTo("rwx------");
		try (SocketChannel stranger = SocketChannel
			.open(UnixDomainSocketAddress.of(directory.resolve("master.sock")))) {
			assertThat(stranger.read(ByteBuffer.allocate(1))).isEqualTo(-1);
		}
		application.awaitOutput("Process " + ProcessHandle.current().pid());
		assertThat(application.probe().get("/worker", 10, 2)).allMatch(HttpAnswer::isOk);
		assertThat(application.report().restarts().total()).isZero();
	}

	@Test
	void startWhenServiceManagerIsToBeNotifiedKeepsThatFromWorkersAndDoesNotNeedTheManager() throws IOException {
		application.awaitOutput("The service manager cannot be notified");
		assertThat(variables(application.pid())).contains("NOTIFY_SOCKET");
		assertThat(variables(application.workerPids().get(0))).contains("PATH")
			.doesNotContain("NOTIFY_SOCKET", "LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES", "WATCHDOG_PID",
					"WATCHDOG_USEC");
	}

	private static List<String> variables(long pid) throws IOException {
		return Files.readString(Path.of("/proc/" + pid + "/environ"))
			.lines()
			.flatMap((line) -> List.of(line.split("\0")).stream())
			.map((variable) -> variable.replaceFirst("=.*", ""))
			.toList();
	}

	@Test
	void changeWhenAccessIsReadOnlyIsNotAllowedAndChangesNothing() {
		ClusterReport before = application.report();
		assertThat(application.change("{\"workers\":2}").status()).isEqualTo(405);
		assertThat(application.change("{\"action\":\"restart\"}").status()).isEqualTo(405);
		assertThat(application.change(before.workers().get(0).id(), "{\"action\":\"restart\"}").status())
			.isEqualTo(405);
		ClusterReport after = application.report();
		assertThat(List.of(after.size(), after.generation())).isEqualTo(List.of(before.size(), before.generation()));
	}

}
