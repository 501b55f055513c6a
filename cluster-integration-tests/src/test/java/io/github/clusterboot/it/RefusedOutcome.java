package io.github.clusterboot.it;

import java.time.Duration;

/**
 * What has become of a master while, and after, system calls were refused.
 *
 * @param phase what it did
 * @param refused how many calls were refused
 * @param text what came of it, in words
 * @param wrong whether that must not be
 * @param longestWait the longest time that a client has waited
 */
record RefusedOutcome(RefusedPhase phase, long refused, String text, boolean wrong, Duration longestWait) {

	/**
	 * Return the cell of the table.
	 * @return the text in Markdown
	 */
	String cell() {
		if (this.wrong) {
			return "**" + this.text + "** (" + this.refused + ")";
		}
		return (this.refused == 0) ? "not called" : this.text + " (" + this.refused + ")";
	}

}
