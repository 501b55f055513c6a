/**
 * A client that puts an application under load and counts, on its own side and by the
 * workers' records, what became of each request.
 * <p>
 * Runs in neither the master nor the workers.
 */
@NullMarked
package io.github.clusterboot.it.load;

import org.jspecify.annotations.NullMarked;
