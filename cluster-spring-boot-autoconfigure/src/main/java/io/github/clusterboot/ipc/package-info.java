/**
 * What passes between the master and a worker: frames on the control channel, descriptors
 * on the handover channels, figures on the scoreboard.
 * <p>
 * Runs in the master and in the workers.
 */
@NullMarked
package io.github.clusterboot.ipc;

import org.jspecify.annotations.NullMarked;
