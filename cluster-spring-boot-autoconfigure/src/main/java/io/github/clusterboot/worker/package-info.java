/**
 * The worker: its link to the master, the connections that it takes, and its life cycle.
 * <p>
 * Runs in the workers only.
 */
@NullMarked
package io.github.clusterboot.worker;

import org.jspecify.annotations.NullMarked;
