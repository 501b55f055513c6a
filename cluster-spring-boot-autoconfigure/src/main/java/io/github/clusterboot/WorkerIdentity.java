package io.github.clusterboot;

/**
 * Which worker a process is.
 * <p>
 * A worker learns its identity from system properties, which the processes that it starts
 * itself do not inherit. They can be used in property placeholders, for instance
 * <code>${cluster.worker.index}</code>. In role {@link ClusterRole#STANDALONE} id, index
 * and generation are 0.
 *
 * @param id 1, 2, 3 … in the order of starting; never reused while the master lives
 * @param index the lowest number from 0 that no other live worker held at the start
 * @param pid the process id
 * @param generation which generation of the application the worker belongs to, from 1
 * @since 0.1.0
 */
public record WorkerIdentity(int id, int index, long pid, int generation) {

	/**
	 * System property that holds the {@link #id()}.
	 */
	public static final String ID_PROPERTY = "cluster.worker.id";

	/**
	 * System property that holds the {@link #index()}.
	 */
	public static final String INDEX_PROPERTY = "cluster.worker.index";

	/**
	 * System property that holds the {@link #generation()}.
	 */
	public static final String GENERATION_PROPERTY = "cluster.worker.generation";

	/**
	 * Return the identity of this process as its system properties tell it.
	 * @return the identity; with id, index and generation 0 where this process is no
	 * worker
	 */
	public static WorkerIdentity ofThisProcess() {
		return new WorkerIdentity(Integer.getInteger(ID_PROPERTY, 0), Integer.getInteger(INDEX_PROPERTY, 0),
				ProcessHandle.current().pid(), Integer.getInteger(GENERATION_PROPERTY, 0));
	}

	@Override
	public String toString() {
		return "worker " + this.id + " (pid " + this.pid + ")";
	}

}
