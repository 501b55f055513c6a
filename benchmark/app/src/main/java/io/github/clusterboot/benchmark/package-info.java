/**
 * The application that the benchmark runs, in every role.
 */
@NullMarked
package io.github.clusterboot.benchmark;

import org.jspecify.annotations.NullMarked;
