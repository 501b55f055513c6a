/**
 * What an application's own code names of the cluster: roles, workers, states, events.
 * <p>
 * Runs in the master and in the workers.
 */
@NullMarked
package io.github.clusterboot;

import org.jspecify.annotations.NullMarked;
