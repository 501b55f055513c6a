package io.github.clusterboot.it;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * However the application is launched, its workers are launched alike.
 */
class LaunchIT {

	private static final String[] STRANGE_ARGUMENTS = { "--it.blanks=two  words ", "", "--it.quotes=\"a\" 'b' \\ $HOME",
			"@no-file", "--it.json={\"a\": [1, 2]}" };

	@RegisterExtension
	private final ClusterExtension cluster = new ClusterExtension();

	/**
	 * The cluster keeps no archive of classes here.
	 */
	@Test
	void jarWhenArgumentsHaveBlanksPassesThemOnAndRecordsNothing() {
		ClusterApplication application = start(launcher().jar(ItSettings.sampleJar()).args(STRANGE_ARGUMENTS));
		assertServesWithArgumentsOfMaster(application);
		assertThat(commandLineOfWorker(application))
			.noneMatch((argument) -> argument.contains("ClassList") || argument.contains("Shared"));
	}

	@Test
	void mainClassWhenOnClassPathServes() {
		assertServesWithArgumentsOfMaster(start(launcher().sampleClass().args(STRANGE_ARGUMENTS)));
	}

	@Test
	void extractedJarWhenJvmOptionsComeFromEnvironmentHasThemOnce() {
		ClusterApplication application = start(
				launcher().environment("JAVA_TOOL_OPTIONS", "-Dit.tool=\"a b\" -Dserver.shutdown=immediate")
					.environment("JDK_JAVA_OPTIONS", "-Dit.launcher=c"));
		assertServesWithArgumentsOfMaster(application);
		assertThat(commandLineOfWorker(application)).noneMatch((argument) -> argument.startsWith("-Dit."));
		String properties = JdkCommand.jcmd(application.workerPids().get(0), "VM.system_properties");
		assertThat(properties).contains("it.tool=a b", "it.launcher=c", "server.shutdown=immediate");
	}

	@Test
	void argumentFileWhenItHasEverythingServes() {
		ClusterApplication application = start(launcher().args(STRANGE_ARGUMENTS).argumentFile());
		assertServes(application);
		String properties = JdkCommand.jcmd(application.workerPids().get(0), "VM.command_line");
		assertThat(properties).contains("-XX:+UseSerialGC", STRANGE_ARGUMENTS[0], STRANGE_ARGUMENTS[4]);
	}

	@Test
	void classPathWhenVeryLongServes() {
		Path[] further = IntStream.range(0, 2500)
			.mapToObj((i) -> Path
				.of("/nowhere/a-directory-with-quite-a-long-name-to-fill-the-class-path/%05d.jar".formatted(i)))
			.toArray(Path[]::new);
		ClusterApplication application = start(launcher().sampleClass(further).args(STRANGE_ARGUMENTS).argumentFile());
		assertServes(application);
		assertThat(JdkCommand.jcmd(application.workerPids().get(0), "VM.system_properties"))
			.contains(further[0].toString(), further[further.length - 1].toString())
			.hasSizeGreaterThan(200_000);
		assertThat(commandLineOfWorker(application)).contains("-Dcluster.worker.id=1")
			.anyMatch((argument) -> argument.startsWith("@" + application.runDirectories().get(0)));
	}

	/**
	 * Conformance M4.
	 */
	@Test
	void debuggerAndJmxWhenTheirPortsAreFixedHaveTheNextPortsInWorkers() throws IOException {
		int debugger = FreePorts.first(3);
		int jmx = FreePorts.first(3);
		ClusterApplication application = this.cluster.application()
			.workers(2)
			.jvmOptions("-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:" + debugger,
					"-Dcom.sun.management.jmxremote.port=" + jmx, "-Dcom.sun.management.jmxremote.host=127.0.0.1",
					"-Dcom.sun.management.jmxremote.ssl=false", "-Dcom.sun.management.jmxremote.authenticate=false")
			.start();
		application.awaitReady(2);
		for (int i = 0; i < 3; i++) {
			assertThat(application.output())
				.containsOnlyOnce("Listening for transport dt_socket at address: " + (debugger + i));
			assertIsDebugger(debugger + i);
			new Socket(InetAddress.getLoopbackAddress(), jmx + i).close();
		}
	}

	/**
	 * See "Transport handshake" in the Java Debug Wire Protocol's specification.
	 */
	private static void assertIsDebugger(int port) throws IOException {
		byte[] handshake = "JDWP-Handshake".getBytes(StandardCharsets.US_ASCII);
		try (Socket socket = new Socket()) {
			socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
			socket.setSoTimeout((int) Duration.ofSeconds(10).toMillis());
			socket.getOutputStream().write(handshake);
			assertThat(socket.getInputStream().readNBytes(handshake.length)).isEqualTo(handshake);
		}
	}

	private ClusterApplicationBuilder launcher() {
		return this.cluster.application().workers(1);
	}

	private static ClusterApplication start(ClusterApplicationBuilder builder) {
		ClusterApplication application = builder.start();
		application.awaitReady(1);
		return application;
	}

	private static void assertServesWithArgumentsOfMaster(ClusterApplication application) {
		assertServes(application);
		assertThat(argumentsOf(ProcStatus.commandLine(application.workerPids().get(0))))
			.isEqualTo(argumentsOf(ProcStatus.commandLine(application.pid())));
	}

	private static void assertServes(ClusterApplication application) {
		HttpAnswer answer = application.probe().get("/worker");
		assertThat(answer).matches(HttpAnswer::isOk);
		assertThat(answer.workerId()).isOne();
		assertThat(answer.text()).contains("\"pid\":" + application.workerPids().get(0));
	}

	private static List<String> commandLineOfWorker(ClusterApplication application) {
		return ProcStatus.commandLine(application.workerPids().get(0));
	}

	private static List<String> argumentsOf(List<String> commandLine) {
		return commandLine.stream().dropWhile((argument) -> !argument.startsWith("--cluster.workers=")).toList();
	}

}
