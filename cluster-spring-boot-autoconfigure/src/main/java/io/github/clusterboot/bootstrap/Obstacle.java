package io.github.clusterboot.bootstrap;

/**
 * Why an application cannot make its JVM a master, by the way in which it was started.
 *
 * @param reason the reason, a clause
 * @param action what the user can do, a sentence
 * @param surprising whether it would surprise a user who has set properties of the
 * cluster
 */
record Obstacle(String reason, String action, boolean surprising) {

	static Obstacle expected(String reason) {
		return new Obstacle(reason, "", false);
	}

	static Obstacle surprising(String reason, String action) {
		return new Obstacle(reason, action, true);
	}

}
