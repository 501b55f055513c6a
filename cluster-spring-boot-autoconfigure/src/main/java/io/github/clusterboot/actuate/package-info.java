/**
 * Actuator endpoints that show the cluster.
 * <p>
 * Runs in the workers, and in applications without a cluster.
 */
@NullMarked
package io.github.clusterboot.actuate;

import org.jspecify.annotations.NullMarked;
