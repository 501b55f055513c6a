package io.github.clusterboot.os;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.BDDMockito.willThrow;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link SecureOwnDirectory}. What it has in common with others is tested by
 * {@link OwnDirectoryTests}.
 */
class SecureOwnDirectoryTests {

	private final SecureDirectoryStream<Path> parent = mock();

	private final SecureDirectoryStream<Path> directory = mock();

	private final BasicFileAttributeView view = mock();

	@TempDir
	private Path place;

	@Test
	void openWhenTheOpenedDirectoryCannotBeLookedAtClosesEverything() throws IOException {
		Path path = create();
		given(this.view.readAttributes()).willThrow(new IOException("Not permitted"));
		assertThatIOException().isThrownBy(() -> SecureOwnDirectory.open(this.parent, path))
			.withMessage("Not permitted");
		then(this.directory).should().close();
		then(this.parent).should().close();
	}

	@Test
	void closeWhenTheDirectoryCannotBeClosedClosesTheOneAboveIt() throws IOException {
		Path path = create();
		Object key = FileState.of(path).key();
		given(this.view.readAttributes()).willReturn(mock(invocation -> key));
		OwnDirectory opened = SecureOwnDirectory.open(this.parent, path);
		willThrow(new IOException("Input/output error")).given(this.directory).close();
		assertThatIOException().isThrownBy(opened::close);
		then(this.parent).should().close();
	}

	private Path create() throws IOException {
		Path path = Files.createDirectory(this.place.resolve("own"));
		given(this.parent.newDirectoryStream(path.getFileName(), LinkOption.NOFOLLOW_LINKS)).willReturn(this.directory);
		given(this.directory.getFileAttributeView(BasicFileAttributeView.class)).willReturn(this.view);
		return path;
	}

}
