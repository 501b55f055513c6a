/**
 * The event loop of the master, the steps that may fail and must not end it, and the log
 * that it never waits for. Runs in the master.
 */
@NullMarked
package io.github.clusterboot.master.loop;

import org.jspecify.annotations.NullMarked;
