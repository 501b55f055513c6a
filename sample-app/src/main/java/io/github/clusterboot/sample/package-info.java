/**
 * A small application that shows what the starter does.
 * <p>
 * Runs in the workers; the master only starts its {@code main}.
 */
@NullMarked
package io.github.clusterboot.sample;

import org.jspecify.annotations.NullMarked;
