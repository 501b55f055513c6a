/**
 * How many workers there are, and of which generation: their starts, readiness, drains
 * and exits, rolling restarts, and the end of the cluster. Runs in the master.
 */
@NullMarked
package io.github.clusterboot.master.supervise;

import org.jspecify.annotations.NullMarked;
