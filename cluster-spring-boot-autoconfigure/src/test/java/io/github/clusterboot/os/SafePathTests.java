package io.github.clusterboot.os;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

import io.github.clusterboot.OtherUser;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests for {@link SafePath}.
 */
class SafePathTests {

	@TempDir
	Path directory;

	@BeforeEach
	void resolveLinks() throws IOException {
		this.directory = this.directory.toRealPath();
	}

	@Test
	void checkWhenAllDirectoriesAreTheUsersOrRootsPasses() {
		assertThatNoException().isThrownBy(() -> SafePath.check(this.directory));
	}

	@ParameterizedTest
	@ValueSource(strings = { "rwxrwxr-x", "rwxr-xrwx" })
	void checkWhenOthersCanWriteToADirectoryAboveFails(String permissions) throws IOException {
		Path child = Files.createDirectories(this.directory.resolve("open/child"));
		Files.setPosixFilePermissions(child.getParent(), PosixFilePermissions.fromString(permissions));
		assertThatIOException().isThrownBy(() -> SafePath.check(child))
			.withMessage("Other users can write to " + child.getParent());
	}

	@Test
	void checkWhenTheDirectoryThatOthersCanWriteToIsStickyPasses() throws IOException {
		Path child = Files.createDirectories(this.directory.resolve("open/child"));
		Files.setAttribute(child.getParent(), "unix:mode", 01777);
		assertThatNoException().isThrownBy(() -> SafePath.check(child));
	}

	@Test
	void checkWhenADirectoryAboveBelongsToAnotherUserFails() throws IOException {
		OtherUser.assumeRoot();
		Path child = Files.createDirectories(this.directory.resolve("others/child"));
		Files.setAttribute(child.getParent(), "unix:uid", OtherUser.NOBODY.id());
		assertThatIOException().isThrownBy(() -> SafePath.check(child))
			.withMessage(child.getParent() + " belongs to another user");
	}

	@Test
	void checkWhenALinkIsInThePathFails() throws IOException {
		Path target = Files.createDirectories(this.directory.resolve("target/child"));
		Path link = Files.createSymbolicLink(this.directory.resolve("link"), target.getParent());
		assertThatIOException().isThrownBy(() -> SafePath.check(link.resolve("child")))
			.withMessage(link + " is not a directory");
	}

}
