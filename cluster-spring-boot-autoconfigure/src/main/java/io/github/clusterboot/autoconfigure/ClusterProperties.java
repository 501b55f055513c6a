package io.github.clusterboot.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.clusterboot.Scheduling;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.unit.DataSize;

/**
 * Configuration properties of the cluster.
 * <p>
 * The master binds them early, before there is a context, and checks their values there.
 *
 * @since 0.1.0
 */
@ConfigurationProperties("cluster")
public final class ClusterProperties {

	/**
	 * Whether the application runs as a cluster. If not, it runs as without the starter.
	 */
	private boolean enabled = true;

	/**
	 * Whether an application without a web server runs as a cluster too, such as one that
	 * consumes a queue. If not, it runs as without the starter, like a job.
	 */
	private boolean nonWeb;

	/**
	 * Number of workers, or 'auto' for one worker for each processor that is available to
	 * the JVM. With 0 the application runs as without the starter.
	 */
	private String workers = "auto";

	/**
	 * How connections are distributed among the workers.
	 */
	private Scheduling scheduling = Scheduling.ROUND_ROBIN;

	/**
	 * Names of listeners that each worker binds itself, instead of the master: 'server',
	 * 'management', and for further connectors of Tomcat and Jetty 'server-2', 'server-3'
	 * and so on.
	 */
	private List<String> exclusiveListeners = new ArrayList<>();

	/**
	 * Backlog of the listening sockets that the master owns.
	 */
	private int backlog = 1024;

	private final Worker worker = new Worker();

	private final Restart restart = new Restart();

	private final Shutdown shutdown = new Shutdown();

	public boolean isEnabled() {
		return this.enabled;
	}

	public void setEnabled(boolean enabled) {
		this.enabled = enabled;
	}

	public boolean isNonWeb() {
		return this.nonWeb;
	}

	public void setNonWeb(boolean nonWeb) {
		this.nonWeb = nonWeb;
	}

	public String getWorkers() {
		return this.workers;
	}

	public void setWorkers(String workers) {
		this.workers = workers;
	}

	public Scheduling getScheduling() {
		return this.scheduling;
	}

	public void setScheduling(Scheduling scheduling) {
		this.scheduling = scheduling;
	}

	public List<String> getExclusiveListeners() {
		return this.exclusiveListeners;
	}

	public void setExclusiveListeners(List<String> exclusiveListeners) {
		this.exclusiveListeners = exclusiveListeners;
	}

	public int getBacklog() {
		return this.backlog;
	}

	public void setBacklog(int backlog) {
		this.backlog = backlog;
	}

	public Worker getWorker() {
		return this.worker;
	}

	public Restart getRestart() {
		return this.restart;
	}

	public Shutdown getShutdown() {
		return this.shutdown;
	}

	/**
	 * Properties of each worker.
	 */
	public static final class Worker {

		/**
		 * JVM options that are appended to those that a worker inherits from the master.
		 */
		private List<String> jvmArgs = new ArrayList<>();

		/**
		 * Environment variables that are added for workers.
		 */
		private Map<String, String> environment = new LinkedHashMap<>();

		/**
		 * Where archives of loaded classes are kept, from which workers start faster:
		 * 'auto' for a folder among the user's caches, the path of a folder, or 'off'.
		 */
		private String cache = "auto";

		/**
		 * Whether the first worker of the cluster starts alone, and the others when it
		 * has been ready.
		 */
		private boolean firstAlone = true;

		/**
		 * Time from a worker's start until it is ready. Past it the start has failed; as
		 * long as no worker has ever been ready, only a warning is logged.
		 */
		private Duration startTimeout = Duration.ofSeconds(120);

		/**
		 * Time from the beginning of a worker's drain to its exit. Past it the worker is
		 * killed.
		 */
		private Duration drainTimeout = Duration.ofSeconds(30);

		/**
		 * Time of silence after which a worker is considered hung.
		 */
		private Duration heartbeatTimeout = Duration.ofSeconds(30);

		/**
		 * Number of requests, give or take 10 %, after which a worker is recycled. With 0
		 * there is no limit.
		 */
		private long maxRequests;

		/**
		 * Age, give or take 10 %, at which a worker is recycled. With 0 there is no
		 * limit.
		 */
		private Duration maxLifetime = Duration.ZERO;

		/**
		 * Resident memory above which a worker is recycled. Off by default, and with 0.
		 */
		private @Nullable DataSize maxMemory;

		public List<String> getJvmArgs() {
			return this.jvmArgs;
		}

		public void setJvmArgs(List<String> jvmArgs) {
			this.jvmArgs = jvmArgs;
		}

		public Map<String, String> getEnvironment() {
			return this.environment;
		}

		public void setEnvironment(Map<String, String> environment) {
			this.environment = environment;
		}

		public String getCache() {
			return this.cache;
		}

		public void setCache(String cache) {
			this.cache = cache;
		}

		public boolean isFirstAlone() {
			return this.firstAlone;
		}

		public void setFirstAlone(boolean firstAlone) {
			this.firstAlone = firstAlone;
		}

		public Duration getStartTimeout() {
			return this.startTimeout;
		}

		public void setStartTimeout(Duration startTimeout) {
			this.startTimeout = startTimeout;
		}

		public Duration getDrainTimeout() {
			return this.drainTimeout;
		}

		public void setDrainTimeout(Duration drainTimeout) {
			this.drainTimeout = drainTimeout;
		}

		public Duration getHeartbeatTimeout() {
			return this.heartbeatTimeout;
		}

		public void setHeartbeatTimeout(Duration heartbeatTimeout) {
			this.heartbeatTimeout = heartbeatTimeout;
		}

		public long getMaxRequests() {
			return this.maxRequests;
		}

		public void setMaxRequests(long maxRequests) {
			this.maxRequests = maxRequests;
		}

		public Duration getMaxLifetime() {
			return this.maxLifetime;
		}

		public void setMaxLifetime(Duration maxLifetime) {
			this.maxLifetime = maxLifetime;
		}

		public @Nullable DataSize getMaxMemory() {
			return this.maxMemory;
		}

		public void setMaxMemory(@Nullable DataSize maxMemory) {
			this.maxMemory = maxMemory;
		}

	}

	/**
	 * Delays between a worker's unexpected exit and its replacement.
	 */
	public static final class Restart {

		/**
		 * First delay after an unexpected exit.
		 */
		private Duration initialDelay = Duration.ofMillis(100);

		/**
		 * Growth of the delay for each further failure.
		 */
		private double multiplier = 2;

		/**
		 * Ceiling of the delay.
		 */
		private Duration maxDelay = Duration.ofSeconds(30);

		/**
		 * Time that a worker has to be ready for the delay to start again at the initial
		 * delay.
		 */
		private Duration resetAfter = Duration.ofSeconds(30);

		public Duration getInitialDelay() {
			return this.initialDelay;
		}

		public void setInitialDelay(Duration initialDelay) {
			this.initialDelay = initialDelay;
		}

		public double getMultiplier() {
			return this.multiplier;
		}

		public void setMultiplier(double multiplier) {
			this.multiplier = multiplier;
		}

		public Duration getMaxDelay() {
			return this.maxDelay;
		}

		public void setMaxDelay(Duration maxDelay) {
			this.maxDelay = maxDelay;
		}

		public Duration getResetAfter() {
			return this.resetAfter;
		}

		public void setResetAfter(Duration resetAfter) {
			this.resetAfter = resetAfter;
		}

	}

	/**
	 * Properties of the master's stop.
	 */
	public static final class Shutdown {

		/**
		 * Time for the master's whole stop. Past it the workers that are left are killed.
		 */
		private Duration timeout = Duration.ofSeconds(60);

		public Duration getTimeout() {
			return this.timeout;
		}

		public void setTimeout(Duration timeout) {
			this.timeout = timeout;
		}

	}

}
