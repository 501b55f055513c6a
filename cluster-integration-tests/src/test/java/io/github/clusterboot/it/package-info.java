/**
 * Tests that start the packaged sample application in JVMs of its own and look at it from
 * outside, and what they need for it.
 * <p>
 * Runs in neither the master nor the workers.
 */
@NullMarked
package io.github.clusterboot.it;

import org.jspecify.annotations.NullMarked;
