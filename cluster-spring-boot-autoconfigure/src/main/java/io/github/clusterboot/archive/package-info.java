/**
 * The archive of loaded classes that workers start from, and what is extracted of an
 * executable jar.
 * <p>
 * Runs in the master, on threads of its own: a file system may keep it waiting.
 */
@NullMarked
package io.github.clusterboot.archive;

import org.jspecify.annotations.NullMarked;
