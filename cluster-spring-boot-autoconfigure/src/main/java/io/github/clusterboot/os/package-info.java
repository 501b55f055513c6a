/**
 * What the JDK does not offer of the operating system: native transports, error numbers,
 * signals, descriptors, owners and permissions of files.
 * <p>
 * Runs in the master and in the workers.
 */
@NullMarked
package io.github.clusterboot.os;

import org.jspecify.annotations.NullMarked;
