/**
 * The way of a connection: accepted, assigned to a worker, handed over, and taken back if
 * the worker does not take it. Runs in the master.
 */
@NullMarked
package io.github.clusterboot.master.dispatch;

import org.jspecify.annotations.NullMarked;
