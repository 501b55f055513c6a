package io.github.clusterboot.bootstrap;

import java.util.function.Predicate;

import io.github.clusterboot.autoconfigure.ClusterProperties;

/**
 * What a configuration key may be set to.
 *
 * @param key the key
 * @param allowed what may be set, as the user is told
 * @param check tells whether the value that has been bound can be used
 */
record PropertyRule(String key, String allowed, Predicate<ClusterProperties> check) {

}
