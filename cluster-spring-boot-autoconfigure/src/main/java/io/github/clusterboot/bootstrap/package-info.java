/**
 * Decides the role of a JVM before its application has a context, runs the master, and
 * builds the command line of its workers.
 * <p>
 * Runs in every process that the application is started in, before it is either a master
 * or a worker.
 */
@NullMarked
package io.github.clusterboot.bootstrap;

import org.jspecify.annotations.NullMarked;
