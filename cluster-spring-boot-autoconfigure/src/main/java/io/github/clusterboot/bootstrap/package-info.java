/**
 * Decides the role of a JVM before its application has a context, and has the master run
 * in the application's place if that is the role.
 * <p>
 * Runs in every process that the application is started in, before it is either a master
 * or a worker.
 */
@NullMarked
package io.github.clusterboot.bootstrap;

import org.jspecify.annotations.NullMarked;
