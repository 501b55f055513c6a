/**
 * The sockets of workers: who has connected, which frames arrive, and what each message
 * does. Runs in the master.
 */
@NullMarked
package io.github.clusterboot.master.control;

import org.jspecify.annotations.NullMarked;
