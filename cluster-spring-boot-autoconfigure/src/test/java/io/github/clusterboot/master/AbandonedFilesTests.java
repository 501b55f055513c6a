package io.github.clusterboot.master;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;

import io.github.clusterboot.OtherUser;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AbandonedFiles} and {@link Leftovers}.
 */
class AbandonedFilesTests {

	private static final String PROBE = "cluster-boot-1d17ddf1-5475-4cf1-9127-664740ce31f1.so";

	@TempDir
	Path place;

	@BeforeEach
	void resolveLinks() throws IOException {
		this.place = this.place.toRealPath();
	}

	@ParameterizedTest
	@ValueSource(strings = { PROBE, "cluster-boot-1d17ddf1-5475-4cf1-9127-664740ce31f1",
			"libnetty_transport_native_epoll_x86_6412332727127674617776.so",
			"libnetty_transport_native_epoll_aarch_641.so" })
	void deleteInWhenAFileIsOldDeletesIt(String name) throws IOException {
		old(name);
		AbandonedFiles.deleteIn(this.place);
		assertThat(this.place).isEmptyDirectory();
	}

	@Test
	void deleteWhenTheLibraryHasADirectoryOfItsOwnLooksThere() throws IOException {
		Path library = Files.createDirectory(this.place.resolve("library"));
		old("library/" + PROBE);
		AbandonedFiles.deleteIn(this.place);
		assertThat(library).isNotEmptyDirectory();
		Leftovers.delete(List.of(this.place), library);
		assertThat(library).isEmptyDirectory();
	}

	/**
	 * A process that is just starting may still need it.
	 */
	@Test
	void deleteInWhenAFileIsYoungLeavesIt() throws IOException {
		Path young = Files.createFile(this.place.resolve(PROBE));
		Files.setLastModifiedTime(young, FileTime.from(Instant.now().minus(AbandonedFiles.AGE).plusSeconds(60)));
		AbandonedFiles.deleteIn(this.place);
		assertThat(young).exists();
	}

	@Test
	void deleteInWhenAProcessHasItMappedLeavesItUntilItHasEnded() throws Exception {
		Path mapped = Files.write(this.place.resolve(PROBE), new byte[1]);
		makeOld(mapped);
		Process process = new ProcessBuilder(ChildJvm.command(Mapping.class, List.of(), mapped.toString())).start();
		try {
			assertThat(process.getInputStream().read()).isEqualTo('m');
			AbandonedFiles.deleteIn(this.place);
			assertThat(mapped).exists();
		}
		finally {
			process.destroyForcibly().waitFor();
		}
		AbandonedFiles.deleteIn(this.place);
		assertThat(mapped).doesNotExist();
	}

	@Test
	void deleteInWhenSomethingElseIsThereLeavesIt() throws IOException {
		Path target = old("libnetty_transport_native_epoll_x86_64.so");
		Path others = old("cluster-boot-1.so");
		Path directory = Files.createDirectory(this.place.resolve(PROBE));
		makeOld(directory);
		Path link = Files.createSymbolicLink(this.place.resolve(PROBE.replace("1d", "2d")), target);
		AbandonedFiles.deleteIn(this.place);
		assertThat(this.place).isDirectoryContaining(target::equals)
			.isDirectoryContaining(others::equals)
			.isDirectoryContaining(directory::equals)
			.isDirectoryContaining(link::equals);
	}

	/**
	 * Fault C1: not even root's master deletes what is another user's.
	 */
	@Test
	void deleteInWhenItIsAnotherUsersLeavesIt() throws IOException {
		OtherUser.assumeRoot();
		Path others = old(PROBE);
		Files.setAttribute(others, "unix:uid", OtherUser.NOBODY.id());
		AbandonedFiles.deleteIn(this.place);
		assertThat(others).exists();
	}

	/**
	 * Fault C1: another user could replace the directory in which it is.
	 */
	@Test
	void deleteInWhenOthersCanReplaceWhatIsThereLeavesIt() throws IOException {
		Path file = old(PROBE);
		Files.setPosixFilePermissions(this.place, PosixFilePermissions.fromString("rwxrwxrwx"));
		AbandonedFiles.deleteIn(this.place);
		assertThat(file).exists();
	}

	private Path old(String name) throws IOException {
		Path file = Files.createFile(this.place.resolve(name));
		makeOld(file);
		return file;
	}

	private static void makeOld(Path file) throws IOException {
		Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(AbandonedFiles.AGE).minusSeconds(60)));
	}

	/**
	 * Keeps a file mapped until it is killed.
	 */
	static final class Mapping {

		private Mapping() {
		}

		public static void main(String[] args) throws Exception {
			try (FileChannel file = FileChannel.open(Path.of(args[0]), StandardOpenOption.READ)) {
				Object mapped = file.map(FileChannel.MapMode.READ_ONLY, 0, 1);
				System.out.println("mapped " + mapped);
				// the test kills this process
				Thread.sleep(Long.MAX_VALUE);
			}
		}

	}

}
