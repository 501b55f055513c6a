package io.github.clusterboot.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

import io.github.clusterboot.jvm.LaunchCommand;
import io.github.clusterboot.jvm.WorkingDirectory;
import io.github.clusterboot.master.loop.MasterLog;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link InstalledJars}.
 */
@ExtendWith(OutputCaptureExtension.class)
class InstalledJarsTests {

	private static final String WARNING = " was overwritten";

	@TempDir
	private Path directory;

	private Path jar;

	@BeforeEach
	void writeJar() throws IOException {
		this.jar = Files.writeString(this.directory.resolve("app.jar"), "one");
	}

	@Test
	void checkWhenNothingHasHappenedSaysNothing(CapturedOutput output) {
		InstalledJars jars = ofJar();
		jars.check();
		jars.check();
		assertNothingSaid(output);
	}

	@Test
	void checkWhenTheFileWasWrittenToWarnsOnce(CapturedOutput output) throws IOException {
		InstalledJars jars = ofJar();
		Files.writeString(this.jar, "another");
		jars.check();
		Files.writeString(this.jar, "a third one");
		jars.check();
		assertWarned(output, this.jar);
	}

	@Test
	void checkWhenTheFileWasWrittenToAndHasItsSizeWarns(CapturedOutput output) throws IOException {
		InstalledJars jars = ofJar();
		FileTime before = Files.getLastModifiedTime(this.jar);
		Files.writeString(this.jar, "two");
		Files.setLastModifiedTime(this.jar, FileTime.fromMillis(before.toMillis() + 1000));
		jars.check();
		assertWarned(output, this.jar);
	}

	@Test
	void checkWhenTheFileWasTouchedSaysNothing(CapturedOutput output) throws IOException {
		InstalledJars jars = ofJar();
		Files.setLastModifiedTime(this.jar, FileTime.fromMillis(0));
		jars.check();
		assertNothingSaid(output);
	}

	@Test
	void checkWhenAnotherFileHasTakenTheNameSaysNothing(CapturedOutput output) throws IOException {
		InstalledJars jars = ofJar();
		release();
		jars.check();
		assertNothingSaid(output);
	}

	@Test
	void checkWhenTheNextReleaseIsOverwrittenWarns(CapturedOutput output) throws IOException {
		InstalledJars jars = ofJar();
		release();
		jars.check();
		Files.writeString(this.jar, "overwritten");
		jars.check();
		assertWarned(output, this.jar);
	}

	@Test
	void checkWhenTheFileWasDeletedSaysNothing(CapturedOutput output) throws IOException {
		InstalledJars jars = ofJar();
		Files.delete(this.jar);
		jars.check();
		assertNothingSaid(output);
	}

	@Test
	void checkWhenAnotherFileOfTheClassPathWasWrittenToWarns(CapturedOutput output) throws IOException {
		Path library = Files.writeString(Files.createDirectory(this.directory.resolve("lib")).resolve("a.jar"), "one");
		InstalledJars jars = new InstalledJars(new LaunchCommand(Path.of("java"),
				List.of("-cp", this.directory + ":" + this.jar + ":" + library.getParent() + "/*"), List.of("Main"),
				List.of(), WorkingDirectory.INHERITED));
		Files.writeString(library, "another");
		jars.check();
		assertWarned(output, library);
	}

	@Test
	void checkWhenALibraryThatTheManifestNamesWasWrittenToWarns(CapturedOutput output) throws IOException {
		Path library = Files.writeString(Files.createDirectory(this.directory.resolve("lib")).resolve("a.jar"), "one");
		Manifest manifest = new Manifest();
		manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
		manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, "lib/missing.jar lib/a.jar");
		new JarOutputStream(Files.newOutputStream(this.jar), manifest).close();
		InstalledJars jars = ofJar();
		Files.writeString(library, "another");
		jars.check();
		assertWarned(output, library);
	}

	private InstalledJars ofJar() {
		return new InstalledJars(new LaunchCommand(Path.of("java"), List.of(), List.of("-jar", this.jar.toString()),
				List.of(), WorkingDirectory.INHERITED));
	}

	private void release() throws IOException {
		Path next = Files.writeString(this.directory.resolve("next.jar"), "next");
		Files.move(next, this.jar, StandardCopyOption.ATOMIC_MOVE);
	}

	private static void assertWarned(CapturedOutput output, Path jar) {
		MasterLog.flush();
		assertThat(output).containsOnlyOnce(WARNING).contains(jar + WARNING, "may miss classes");
	}

	private static void assertNothingSaid(CapturedOutput output) {
		MasterLog.flush();
		assertThat(output).doesNotContain(WARNING);
	}

}
