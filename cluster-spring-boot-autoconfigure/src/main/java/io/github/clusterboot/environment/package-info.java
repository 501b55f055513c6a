/**
 * What processes of a cluster must not share although their settings are the same: makes
 * it each worker's own by its index.
 * <p>
 * Runs in the workers before their application starts; the master names files by the same
 * rules, and has the pid file that the settings name.
 */
@NullMarked
package io.github.clusterboot.environment;

import org.jspecify.annotations.NullMarked;
