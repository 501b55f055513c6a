package io.github.clusterboot.master.supervise;

import java.time.Duration;

import io.github.clusterboot.Scheduling;

/**
 * Settings for a {@link VirtualCluster}: as the documentation states the defaults, unless
 * a test says otherwise.
 */
final class VirtualSettings {

	private int workers;

	private boolean chosen = true;

	private boolean firstAlone;

	private int concurrentStarts = 64;

	private Duration startTimeout = Duration.ofSeconds(120);

	private Duration drainTimeout = Duration.ofSeconds(30);

	private Duration shutdownTimeout = Duration.ofSeconds(60);

	private MasterSettings.Restart restart = new MasterSettings.Restart(Duration.ofMillis(100), 2,
			Duration.ofSeconds(30), Duration.ofSeconds(30));

	private MasterSettings.Recycling recycling = MasterSettings.Recycling.NONE;

	private VirtualSettings(int workers) {
		this.workers = workers;
	}

	static VirtualSettings workers(int workers) {
		return new VirtualSettings(workers);
	}

	VirtualSettings automatic() {
		this.chosen = false;
		return this;
	}

	VirtualSettings firstAlone() {
		this.firstAlone = true;
		return this;
	}

	VirtualSettings concurrentStarts(int concurrentStarts) {
		this.concurrentStarts = concurrentStarts;
		return this;
	}

	VirtualSettings startTimeout(Duration startTimeout) {
		this.startTimeout = startTimeout;
		return this;
	}

	VirtualSettings drainTimeout(Duration drainTimeout) {
		this.drainTimeout = drainTimeout;
		return this;
	}

	VirtualSettings shutdownTimeout(Duration shutdownTimeout) {
		this.shutdownTimeout = shutdownTimeout;
		return this;
	}

	VirtualSettings restart(MasterSettings.Restart restart) {
		this.restart = restart;
		return this;
	}

	VirtualSettings recycling(MasterSettings.Recycling recycling) {
		this.recycling = recycling;
		return this;
	}

	VirtualCluster cluster() {
		return new VirtualCluster(new MasterSettings(
				new MasterSettings.Size(this.workers, this.chosen, this.firstAlone, this.concurrentStarts),
				Scheduling.ROUND_ROBIN, 1, this.startTimeout, this.drainTimeout, Duration.ofSeconds(30),
				this.shutdownTimeout, this.restart, this.recycling));
	}

}
