package io.github.clusterboot.worker;

import java.util.Collection;

/**
 * The names of the listeners that the connectors of a server belong to.
 *
 * @param first the name that belongs to the first connector; the others add their number,
 * from 2
 * @param exclusive the names of listeners that this process binds itself
 */
public record ListenerNames(String first, Collection<String> exclusive) {

	/**
	 * Return the name that belongs to a connector.
	 * @param number the connector's number, from 1
	 * @return the name
	 */
	public String of(int number) {
		return (number == 1) ? this.first : this.first + "-" + number;
	}

	/**
	 * Return whether this process binds the port of a connector itself.
	 * @param number the connector's number, from 1
	 * @return whether the listener is not the master's
	 */
	public boolean isExclusive(int number) {
		return this.exclusive.contains(of(number));
	}

}
