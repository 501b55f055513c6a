/**
 * Applications under test that tell what cannot be seen from outside.
 * <p>
 * Runs in the workers; the master only starts their {@code main}.
 */
@NullMarked
package io.github.clusterboot.it.app;

import org.jspecify.annotations.NullMarked;
