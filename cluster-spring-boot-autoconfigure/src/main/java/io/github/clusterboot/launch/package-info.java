/**
 * The command line of the workers: that of this JVM, with what two processes cannot share
 * made each worker's own.
 * <p>
 * Runs in the master, on the thread that starts workers.
 */
@NullMarked
package io.github.clusterboot.launch;

import org.jspecify.annotations.NullMarked;
