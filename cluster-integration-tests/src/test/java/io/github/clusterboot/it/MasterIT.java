package io.github.clusterboot.it;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the master is and whom it lets in.
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
		application = cluster.application().workers(1).start();
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

}
