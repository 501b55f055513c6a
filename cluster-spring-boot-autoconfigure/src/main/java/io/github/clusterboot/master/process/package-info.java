/**
 * The processes of workers: how they are started, what they print, how they end. Runs in
 * the master.
 */
@NullMarked
package io.github.clusterboot.master.process;

import org.jspecify.annotations.NullMarked;
