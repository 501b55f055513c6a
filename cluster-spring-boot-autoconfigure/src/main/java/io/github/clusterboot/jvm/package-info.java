/**
 * How this JVM was started, as far as it can be found out and repeated: its command line,
 * its options and where they come from, its directory.
 * <p>
 * Runs in the process that is to become the master.
 */
@NullMarked
package io.github.clusterboot.jvm;

import org.jspecify.annotations.NullMarked;
