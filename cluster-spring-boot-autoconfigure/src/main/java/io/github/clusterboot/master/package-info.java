/**
 * The master: it listens, schedules and hands over connections, and supervises the
 * workers.
 * <p>
 * Runs in the master only, on one event-loop thread; everything that happens elsewhere (a
 * process exits, a signal arrives) posts to it.
 */
@NullMarked
package io.github.clusterboot.master;

import org.jspecify.annotations.NullMarked;
