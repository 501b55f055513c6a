package io.github.clusterboot.archive;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import io.github.clusterboot.OtherUser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests for {@link CacheFolder} and {@link CacheEntry}.
 */
class CacheFolderTests {

	private static final Path JAR = Path.of("/apps/app.jar");

	@TempDir
	Path directory;

	@Test
	void ofUserIsAmongTheUsersCaches() throws Exception {
		Map<String, String> home = Map.of("user.home", this.directory.resolve("home").toString());
		assertThat(CacheFolder.ofUser(Map.of(), home).path())
			.isEqualTo(this.directory.resolve("home/.cache/cluster-spring-boot"));
		assertThat(CacheFolder.ofUser(Map.of("XDG_CACHE_HOME", this.directory.resolve("xdg").toString()), home).path())
			.isEqualTo(this.directory.resolve("xdg/cluster-spring-boot"));
		assertThat(CacheFolder.ofUser(Map.of("XDG_CACHE_HOME", "relative"), home).path())
			.isEqualTo(this.directory.resolve("home/.cache/cluster-spring-boot"));
	}

	@Test
	void ofUserWhenThereIsNoHomeIsAmongTheTemporaryFiles() throws Exception {
		Path home = Files.createFile(this.directory.resolve("no-folder"));
		CacheFolder folder = CacheFolder.ofUser(Map.of(),
				Map.of("user.home", home.toString(), "user.name", "shop", "java.io.tmpdir", this.directory.toString()));
		assertThat(folder.path()).isEqualTo(this.directory.resolve("cluster-spring-boot-shop"));
	}

	@Test
	void ofUserWhenTheSystemDoesNotKnowTheUserIsAmongTheTemporaryFiles() throws Exception {
		CacheFolder folder = CacheFolder.ofUser(Map.of(),
				Map.of("user.home", "?", "user.name", "?", "java.io.tmpdir", this.directory.toString()));
		Object uid = Files.getAttribute(this.directory, "unix:uid");
		assertThat(folder.path()).isEqualTo(this.directory.resolve("cluster-spring-boot-" + uid));
	}

	@Test
	void openMakesAnEntryThatOnlyItsUserCanEnter() throws Exception {
		try (CacheEntry entry = entry()) {
			assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(entry.directory())))
				.isEqualTo("rwx------");
		}
	}

	@Test
	void ofMakesAFolderThatOnlyItsUserCanEnter() throws Exception {
		Path path = CacheFolder.of(this.directory.resolve("a/b")).path();
		assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path))).isEqualTo("rwx------");
		assertThat(path).isEmptyDirectory();
	}

	@ParameterizedTest
	@ValueSource(strings = { "rwxrwx---", "rwxr-xrwx" })
	void ofWhenOthersCanWriteFails(String permissions) throws Exception {
		Files.setPosixFilePermissions(this.directory, PosixFilePermissions.fromString(permissions));
		assertThatIOException().isThrownBy(() -> CacheFolder.of(this.directory)).withMessageContaining("can write");
	}

	@Test
	void ofWhenItIsALinkOrAFileFails() throws Exception {
		Path target = Files.createDirectory(this.directory.resolve("target"));
		Path link = Files.createSymbolicLink(this.directory.resolve("link"), target);
		assertThatIOException().isThrownBy(() -> CacheFolder.of(link)).withMessageContaining("is not a folder");
		Path file = Files.createFile(this.directory.resolve("file"));
		assertThatIOException().isThrownBy(() -> CacheFolder.of(file));
	}

	@Test
	void ofWhenOthersCanReplaceTheFolderFails() throws Exception {
		Path open = Files.createDirectory(this.directory.resolve("open"));
		Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
		assertThatIOException().isThrownBy(() -> CacheFolder.of(open.resolve("cache")))
			.withMessage("Other users can write to " + open);
		Files.setAttribute(open, "unix:mode", 01777);
		assertThat(CacheFolder.of(open.resolve("cache")).path()).isDirectory();
	}

	@Test
	void ofWhenItIsAnotherUsersFails() throws Exception {
		OtherUser.assumeRoot();
		Path others = Files.createDirectory(this.directory.resolve("others"));
		Files.setAttribute(others, "unix:uid", OtherUser.NOBODY.id());
		assertThatIOException().isThrownBy(() -> CacheFolder.of(others)).withMessageContaining("another user");
		assertThatIOException().isThrownBy(() -> CacheFolder.of(others.resolve("cache")))
			.withMessageContaining("another user");
	}

	@Test
	void openWhenTheFolderIsNoLongerTheUsersFails() throws Exception {
		CacheFolder folder = CacheFolder.of(this.directory.resolve("cache"));
		Files.setPosixFilePermissions(folder.path(), PosixFilePermissions.fromString("rwxrwxrwx"));
		assertThatIOException().isThrownBy(() -> folder.open("app.jar", "key")).withMessageContaining("can write");
	}

	@Test
	void openWhenTheFolderHasBeenDeletedMakesItAgain() throws Exception {
		CacheFolder folder = CacheFolder.of(this.directory.resolve("cache"));
		Files.delete(folder.path());
		try (CacheEntry entry = folder.open("app.jar", "key")) {
			assertThat(entry).isNotNull();
		}
	}

	@Test
	void openWhenTheLockIsALinkFails() throws Exception {
		CacheFolder folder = CacheFolder.of(this.directory.resolve("cache"));
		Path directory;
		try (CacheEntry entry = folder.open("app.jar", "key")) {
			directory = entry.directory();
		}
		Path target = Files.createFile(this.directory.resolve("target"));
		Files.delete(directory.resolve(CacheEntry.LOCK));
		Files.createSymbolicLink(directory.resolve(CacheEntry.LOCK), target);
		assertThatIOException().isThrownBy(() -> folder.open("app.jar", "key"));
	}

	@Test
	void deleteWhenThereAreLinksFollowsNone() throws Exception {
		Path target = Files.createDirectory(this.directory.resolve("target"));
		Files.createFile(target.resolve("file"));
		Path folder = Files.createDirectories(this.directory.resolve("folder/nested"));
		Files.createSymbolicLink(folder.resolve("link"), target);
		CacheEntry.delete(folder.getParent());
		assertThat(folder.getParent()).doesNotExist();
		assertThat(target.resolve("file")).exists();
	}

	@Test
	void openWhenKeysDifferHasEntriesOfTheirOwn() throws Exception {
		CacheFolder folder = CacheFolder.of(this.directory.resolve("cache"));
		try (CacheEntry one = folder.open("app.jar", "one"); CacheEntry two = folder.open("app.jar", "two")) {
			assertThat(one).isNotNull();
			assertThat(two).isNotNull();
			assertThat(one.directory()).isNotEqualTo(two.directory());
		}
	}

	@Test
	void openWhenTheFolderBelongsToAnotherKeyHasNone() throws Exception {
		CacheFolder folder = CacheFolder.of(this.directory.resolve("cache"));
		try (CacheEntry entry = folder.open("app.jar", "one")) {
			Files.writeString(entry.directory().resolve(CacheEntry.KEY), "another of the same hash");
		}
		assertThat(folder.open("app.jar", "one")).isNull();
	}

	@Test
	void isUsableWhenEveryFileIsAsItWasMade() throws Exception {
		try (CacheEntry entry = entry()) {
			assertThat(entry.isUsable()).isFalse();
			complete(entry);
			assertThat(entry.isExtracted(JAR)).isTrue();
			assertThat(entry.isExtracted(Path.of("/apps/another.jar"))).isFalse();
			assertThat(entry.isUsable()).isTrue();
			Files.setLastModifiedTime(entry.archive(), FileTime.fromMillis(0));
			assertThat(entry.isUsable()).isFalse();
			assertThat(entry.isExtracted(JAR)).isTrue();
		}
	}

	@Test
	void isUsableWhenAFileIsShorterIsNot() throws Exception {
		try (CacheEntry entry = entry()) {
			complete(entry);
			Path library = entry.application().resolve("lib/a.jar");
			FileTime time = Files.getLastModifiedTime(library);
			Files.writeString(library, "cut");
			Files.setLastModifiedTime(library, time);
			assertThat(entry.isUsable()).isFalse();
			assertThat(entry.isExtracted(JAR)).isFalse();
			Files.delete(library);
			assertThat(entry.isUsable()).isFalse();
		}
	}

	@Test
	void failWhenCompleteIsNotUsedAndNotTriedAgainForADay() throws Exception {
		try (CacheEntry entry = entry()) {
			complete(entry);
			entry.fail("Does not start");
			assertThat(entry.isUsable()).isFalse();
			assertThat(entry.isExtracted(JAR)).isFalse();
			assertThat(entry.hasFailed()).isTrue();
			Files.setLastModifiedTime(entry.directory().resolve("failure"), FileTime.fromMillis(0));
			assertThat(entry.hasFailed()).isFalse();
		}
	}

	@Test
	void pruneKeepsTheEntriesUsedLastAndThoseInUse() throws Exception {
		CacheFolder folder = CacheFolder.of(this.directory.resolve("cache"));
		Files.createDirectory(folder.path().resolve("not ours"));
		for (int i = 0; i < 8; i++) {
			unused(folder, i);
		}
		try (CacheEntry used = folder.open("app.jar", "key 1")) {
			Files.setLastModifiedTime(used.directory().resolve(CacheEntry.LOCK), FileTime.fromMillis(1));
			folder.prune(Set.of(used.directory()));
			assertThat(used.directory()).exists();
		}
		assertThat(keys(folder)).containsExactlyInAnyOrder("key 1", "key 4", "key 5", "key 6", "key 7");
		assertThat(folder.path().resolve("not ours")).exists();
	}

	@Test
	void pruneWhenAnEntryCannotBeDeletedDeletesTheOthers() throws Exception {
		CacheFolder folder = CacheFolder.of(this.directory.resolve("cache"));
		List<Path> entries = new ArrayList<>();
		for (int i = 0; i < 7; i++) {
			entries.add(unused(folder, i));
		}
		// a link is not followed
		Path target = Files.move(entries.get(2), this.directory.resolve("target"));
		Path link = Files.createSymbolicLink(entries.get(2), target);
		assertThatIOException().isThrownBy(() -> folder.prune(Set.of())).withMessageContaining(link.toString());
		assertThat(keys(folder)).containsExactlyInAnyOrder("key 2", "key 3", "key 4", "key 5", "key 6");
	}

	/**
	 * As if a process had been killed while it deleted the entry.
	 */
	@Test
	void pruneWhenTheKeyHasGoneDeletesTheRest() throws Exception {
		CacheFolder folder = CacheFolder.of(this.directory.resolve("cache"));
		Path torn = unused(folder, 0);
		Files.delete(torn.resolve(CacheEntry.KEY));
		for (int i = 1; i < 5; i++) {
			unused(folder, i);
		}
		folder.prune(Set.of());
		assertThat(torn).doesNotExist();
		assertThat(keys(folder)).hasSize(4);
	}

	/**
	 * As if processes had been killed while they extracted the jar.
	 */
	@Test
	void pruneDeletesWhatWasBeingMadeInEntriesThatAreNotInUse() throws Exception {
		CacheFolder folder = CacheFolder.of(this.directory.resolve("cache"));
		Path unused = unused(folder, 0);
		Files.createDirectories(unused.resolve("work/application"));
		Files.createDirectories(unused.resolve("application"));
		try (CacheEntry used = folder.open("app.jar", "used")) {
			Path work = Files.createDirectory(used.directory().resolve("work"));
			folder.prune(Set.of(used.directory()));
			assertThat(work).exists();
		}
		assertThat(unused.resolve("work")).doesNotExist();
		assertThat(unused.resolve("application")).exists();
	}

	private static Path unused(CacheFolder folder, int number) throws IOException {
		try (CacheEntry entry = folder.open("app.jar", "key " + number)) {
			Files.setLastModifiedTime(entry.directory().resolve(CacheEntry.LOCK), FileTime.fromMillis(number));
			return entry.directory();
		}
	}

	private static List<String> keys(CacheFolder folder) throws IOException {
		try (Stream<Path> entries = Files.list(folder.path())) {
			return entries.map((entry) -> entry.resolve(CacheEntry.KEY)).filter(Files::exists).map((file) -> {
				try {
					return Files.readString(file);
				}
				catch (IOException ex) {
					throw new UncheckedIOException(ex);
				}
			}).toList();
		}
	}

	private CacheEntry entry() throws IOException {
		CacheEntry entry = CacheFolder.of(this.directory.resolve("cache")).open("app.jar", "key");
		assertThat(entry).isNotNull();
		return entry;
	}

	private static void complete(CacheEntry entry) throws IOException {
		Path work = Files.createDirectory(entry.directory().resolve("work"));
		Files.createDirectories(work.resolve("application/lib"));
		Files.writeString(work.resolve("application/lib/a.jar"), "library");
		Files.writeString(work.resolve("application/app.jar"), "jar");
		entry.addExtracted(work.resolve("application"));
		assertThat(entry.isUsable()).isFalse();
		entry.addArchive(Files.writeString(work.resolve("archive"), "archive"));
	}

}
