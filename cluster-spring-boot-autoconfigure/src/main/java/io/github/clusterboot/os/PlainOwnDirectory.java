package io.github.clusterboot.os;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * An {@link OwnDirectory} for systems on which the JDK has no {@code openat(2)}, such as
 * macOS. Everything is done by path, so it is only for directories that no other user can
 * replace or write to: those below a {@linkplain SafePath safe path}.
 */
final class PlainOwnDirectory extends OwnDirectory {

	private final Path path;

	private PlainOwnDirectory(Path path, FileState state) {
		super(state);
		this.path = path;
	}

	static OwnDirectory openByPath(Path path) throws IOException {
		Path real = path.getParent().toRealPath().resolve(path.getFileName());
		SafePath.check(real.getParent());
		FileState state = stateOf(real);
		if (state.isWritableByOthers()) {
			throw new IOException("Other users can write to " + path);
		}
		return new PlainOwnDirectory(real, state);
	}

	@Override
	public @Nullable FileChannel openFile(String file, StandardOpenOption... options) throws IOException {
		Set<OpenOption> all = new HashSet<>(List.of(options));
		all.add(LinkOption.NOFOLLOW_LINKS);
		Path resolved = this.path.resolve(file);
		return Files.isRegularFile(resolved, LinkOption.NOFOLLOW_LINKS) ? FileChannel.open(resolved, all) : null;
	}

	@Override
	public void deleteContents(String last) throws IOException {
		Path lastPath = this.path.resolve(last);
		// does not follow links
		try (Stream<Path> files = Files.walk(this.path)) {
			for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
				if (!file.equals(this.path) && !file.equals(lastPath)) {
					Files.deleteIfExists(file);
				}
			}
		}
		Files.deleteIfExists(lastPath);
	}

	@Override
	public void delete() throws IOException {
		Files.delete(this.path);
	}

	@Override
	public void close() {
	}

}
