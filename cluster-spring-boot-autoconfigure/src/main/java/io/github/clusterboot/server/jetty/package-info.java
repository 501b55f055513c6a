/**
 * Fits taken connections into Jetty.
 * <p>
 * Runs in the workers only.
 */
@NullMarked
package io.github.clusterboot.server.jetty;

import org.jspecify.annotations.NullMarked;
