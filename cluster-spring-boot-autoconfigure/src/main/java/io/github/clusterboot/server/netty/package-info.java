/**
 * Lets Reactor Netty serve the connections that the master hands over.
 * <p>
 * Runs in the workers only.
 */
@NullMarked
package io.github.clusterboot.server.netty;

import org.jspecify.annotations.NullMarked;
