/**
 * Fits taken connections into Tomcat.
 * <p>
 * Runs in the workers only.
 */
@NullMarked
package io.github.clusterboot.server.tomcat;

import org.jspecify.annotations.NullMarked;
