/**
 * An application that the integration tests run on each server.
 */
@NullMarked
package io.github.clusterboot.testapp;

import org.jspecify.annotations.NullMarked;
