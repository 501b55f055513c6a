/**
 * What the master listens on: sockets that it opens or was started with, and the programs
 * that it gives the kernel for them. Runs in the master.
 */
@NullMarked
package io.github.clusterboot.master.socket;

import org.jspecify.annotations.NullMarked;
