package io.github.clusterboot.it;

/**
 * What a master does while system calls are refused.
 */
enum RefusedPhase {

	STARTS, SERVES, RESTARTS, STOPS

}
