/**
 * Properties, conditions and beans of the cluster.
 * <p>
 * The beans are made in the workers and in an application of role
 * {@link io.github.clusterboot.ClusterRole#STANDALONE STANDALONE}; the master only binds
 * the properties.
 */
@NullMarked
package io.github.clusterboot.autoconfigure;

import org.jspecify.annotations.NullMarked;
