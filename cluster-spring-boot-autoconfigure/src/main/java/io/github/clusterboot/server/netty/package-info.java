/**
 * Fits taken connections into Reactor Netty.
 * <p>
 * Runs in the workers only.
 */
@NullMarked
package io.github.clusterboot.server.netty;

import org.jspecify.annotations.NullMarked;
