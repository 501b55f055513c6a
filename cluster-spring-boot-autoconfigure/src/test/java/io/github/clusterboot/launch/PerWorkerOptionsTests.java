package io.github.clusterboot.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

import io.github.clusterboot.jvm.WorkingDirectory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PerWorkerOptions} and the kinds of options that it knows. Conformance
 * row M4.
 */
class PerWorkerOptionsTests {

	@TempDir
	Path directory;

	@ParameterizedTest
	@ValueSource(strings = { "-Xmx1g", "-ea", "-Dserver.port=8080", "-javaagent:agent.jar=port=1", "-agentlib:hprof",
			"-Dcom.sun.management.jmxremote", "-Dcom.sun.management.jmxremote.port=0",
			"-Dcom.sun.management.jmxremote.portal=1", "-XX:SharedArchiveFile=app.jsa", "-XX:AOTCache=app.aot",
			"-XX:AOTMode=on", "-XX:AOTConfiguration=app.conf" })
	void adaptWhenProcessesCanShareItKeepsTheOption(String option) {
		assertThat(adapt(0, option)).containsExactly(option);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', nullValues = "-", value = {
			"transport=dt_socket,server=y,suspend=n,address=5005 | transport=dt_socket,server=y,address=5007,suspend=n",
			"transport=dt_socket,server=y,suspend=y,address=*:5005 | transport=dt_socket,server=y,address=*:5007,suspend=n",
			"address=localhost:5005,server=y,quiet=y,transport=dt_socket | address=localhost:5007,server=y,quiet=y,transport=dt_socket,suspend=n",
			"transport=dt_socket,server=y,address=[::1]:5005 | transport=dt_socket,server=y,address=[::1]:5007,suspend=n",
			"transport=dt_socket,server=y,suspend=n,address=0 | transport=dt_socket,server=y,address=0,suspend=n",
			"transport=dt_socket,server=y,suspend=n,address=*:0 | transport=dt_socket,server=y,address=*:0,suspend=n",
			"transport=dt_socket,server=y,suspend=n | transport=dt_socket,server=y,suspend=n",
			"transport=dt_socket,server=y,suspend=n,address=65534 | transport=dt_socket,server=y,address=0,suspend=n",
			"transport=dt_socket,server=n,suspend=y,address=localhost:5005 | -",
			"transport=dt_socket,suspend=y,address=5005 | -" })
	void adaptWhenDebuggerUsesAPortOfTheWorkerAndDoesNotSuspend(String options, String expected) {
		for (String agent : List.of("-agentlib:jdwp=", "-Xrunjdwp:", "-agentpath:/jdk/lib/libjdwp.so=")) {
			List<String> adapted = adapt(1, agent + options);
			if (expected == null) {
				assertThat(adapted).isEmpty();
			}
			else {
				assertThat(adapted).containsExactly(agent + expected);
			}
		}
	}

	@Test
	void adaptWhenRemoteManagementUsesPortsOfTheWorker() {
		assertThat(adapt(2, "-Dcom.sun.management.jmxremote.port=9010", "-Dcom.sun.management.jmxremote.rmi.port=9020",
				"-Dcom.sun.management.jmxremote.local.port=9030"))
			.containsExactly("-Dcom.sun.management.jmxremote.port=9013", "-Dcom.sun.management.jmxremote.rmi.port=9023",
					"-Dcom.sun.management.jmxremote.local.port=9033");
	}

	@Test
	void configuredWhenFileNamesPortsReturnsThoseThatNoPropertySets() throws IOException {
		Path file = Files.writeString(this.directory.resolve("management.properties"),
				"com.sun.management.jmxremote.port=9010\ncom.sun.management.jmxremote.rmi.port=9020\n");
		assertThat(JmxPorts.configured(
				List.of("-Dcom.sun.management.config.file=" + file, "-Dcom.sun.management.jmxremote.rmi.port=0"), 0,
				WorkingDirectory.INHERITED))
			.containsExactly("-Dcom.sun.management.jmxremote.port=9011");
		assertThat(JmxPorts.configured(List.of("-Dcom.sun.management.config.file=none"), 0, WorkingDirectory.INHERITED))
			.isEmpty();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '\0', value = { "-Xlog:gc:gc.log | -Xlog:gc:gc-3.log",
			"-Xlog::x.log | -Xlog::x-3.log",
			"-Xlog:gc*,safepoint:file=/var/log.d/gc:time,uptime:filecount=5 | -Xlog:gc*,safepoint:file=/var/log.d/gc-3:time,uptime:filecount=5",
			"-Xlog:gc:file=\"a b:c.log\":time | -Xlog:gc:file=\"a b:c-3.log\":time",
			"-Xlog:gc:file=gc-%t.log | -Xlog:gc:file=gc-%t-3.log", "-Xloggc:.gc | -Xloggc:.gc-3",
			"-XX:ErrorFile=./hs_err.log | -XX:ErrorFile=./hs_err-3.log", "-XX:LogFile=vm.log | -XX:LogFile=vm-3.log",
			"-XX:HeapDumpPath=dump.hprof | -XX:HeapDumpPath=dump-3.hprof",
			"-XX:HeapDumpPath=dump-%p.hprof | -XX:HeapDumpPath=dump-%p-3.hprof",
			"-XX:StartFlightRecording=filename=r.jfr | -XX:StartFlightRecording=filename=r-3.jfr",
			"-XX:StartFlightRecording:name=x,filename=\"r,s.jfr\",dumponexit=true | -XX:StartFlightRecording:name=x,filename=\"r,s-3.jfr\",dumponexit=true" })
	void adaptWhenFileIsWrittenPutsTheIndexBeforeTheExtension(String option, String expected) {
		assertThat(adapt(3, option)).containsExactly(expected);
	}

	@ParameterizedTest
	@ValueSource(strings = { "-Xlog", "-Xlog:gc", "-Xlog:disable", "-Xlog:async:drop", "-Xlog:gc:stdout:time",
			"-Xlog:gc*:stderr", "-Xlog:gc::time", "-Xlog:gc:file=gc-%p.log:time", "-Xloggc:gc-%p.log",
			"-XX:ErrorFile=/dev/stderr", "-XX:ErrorFile=hs_err%p.log", "-XX:HeapDumpPath=target",
			"-XX:HeapDumpPath=dumps/", "-XX:StartFlightRecording", "-XX:StartFlightRecording=name=x,settings=a.jfc",
			"-XX:StartFlightRecording=filename=target/,name=x" })
	void adaptWhenNoFileIsSharedKeepsTheOption(String option) {
		assertThat(adapt(0, option)).containsExactly(option);
	}

	@Test
	void adaptWhenArchiveIsWrittenLeavesItsOptionsOut() throws IOException {
		Path existing = Files.createFile(this.directory.resolve("app.jsa"));
		assertThat(adapt(0, "-XX:ArchiveClassesAtExit=app.jsa", "-Xmx1g")).containsExactly("-Xmx1g");
		assertThat(adapt(0, "-XX:AOTCacheOutput=app.aot", "-Xmx1g")).containsExactly("-Xmx1g");
		assertThat(adapt(0, "-XX:AOTMode=record", "-XX:AOTConfiguration=app.conf", "-Xmx1g")).containsExactly("-Xmx1g");
		assertThat(adapt(0, "-XX:+AutoCreateSharedArchive", "-XX:SharedArchiveFile=none.jsa")).isEmpty();
		assertThat(adapt(0, "-XX:+AutoCreateSharedArchive", "-XX:SharedArchiveFile=" + existing))
			.containsExactly("-XX:SharedArchiveFile=" + existing);
	}

	private static List<String> adapt(int index, String... options) {
		List<String> all = Arrays.asList(options);
		return new PerWorkerOptions(new ClassArchive(all, WorkingDirectory.INHERITED)::excludes,
				WorkingDirectory.INHERITED)
			.adapt(all, index);
	}

}
