package io.github.clusterboot.archive;

import java.nio.file.Path;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What the cache adds to the command line of one worker.
 *
 * @param options JVM options ahead of all others
 * @param jar the jar to start instead of the one that was given; {@code null} for none
 */
public record CachedStart(List<String> options, @Nullable Path jar) {

	static final CachedStart PLAIN = new CachedStart(List.of(), null);

}
