package io.github.clusterboot.master;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import io.github.clusterboot.ipc.RunDirectory;
import io.github.clusterboot.master.control.ControlServer;
import io.github.clusterboot.master.loop.MasterLog;
import io.github.clusterboot.master.process.RunDirectorySource;
import io.github.clusterboot.os.FileFailure;
import org.apache.commons.logging.Log;
import org.jspecify.annotations.Nullable;

/**
 * Keeps in place what workers need of the run directory, since others may delete it. It
 * looks on a thread of its own, since a file system may block.
 */
final class RunDirectoryUpkeep implements RunDirectorySource, AutoCloseable {

	static final Duration INTERVAL = Duration.ofSeconds(1);

	private static final Duration TIME_BETWEEN_TOUCHES = Duration.ofHours(1);

	private static final Log logger = MasterLog.of(RunDirectoryUpkeep.class);

	private final OwnedRunDirectory directory;

	private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor((task) -> {
		Thread thread = new Thread(task, "cluster-upkeep");
		thread.setDaemon(true);
		return thread;
	});

	private @Nullable ControlServer server;

	private @Nullable String lastFailure;

	RunDirectoryUpkeep(OwnedRunDirectory directory) {
		this.directory = directory;
	}

	/**
	 * Have a server listen for workers, and look after it and the directory from now on.
	 * @param server the server, owned by this object
	 * @throws IOException if the socket cannot be made
	 */
	synchronized void start(ControlServer server) throws IOException {
		this.server = server;
		server.open(this.directory.directory());
		repeat(INTERVAL, this::restore);
		repeat(TIME_BETWEEN_TOUCHES, this::touch);
	}

	private void repeat(Duration interval, Runnable task) {
		this.timer.scheduleAtFixedRate(() -> {
			try {
				task.run();
			}
			catch (RuntimeException | Error ex) {
				logger.error("The upkeep of the run directory has failed", ex);
			}
		}, interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
	}

	private void restore() {
		try {
			current();
		}
		catch (IOException ex) {
			// it has been said, and is tried again
			logger.debug("The run directory is not as it should be", ex);
		}
	}

	/**
	 * {@inheritDoc}
	 * <p>
	 * What was missing is said.
	 */
	@Override
	public synchronized RunDirectory current() throws IOException {
		RunDirectory before = this.directory.directory();
		try {
			List<String> missing = new ArrayList<>(this.directory.restore());
			RunDirectory now = this.directory.directory();
			if (this.server != null && isOpen() && this.server.open(now)) {
				missing.add("the socket");
			}
			if (!missing.isEmpty()) {
				logger.warn("The run directory " + before.path()
						+ " was deleted, in part or as a whole, and has been recreated"
						+ (now.equals(before) ? "" : " as " + now.path() + ", since its name is taken") + " (missing: "
						+ String.join(", ", missing) + ")");
			}
			this.lastFailure = null;
			return now;
		}
		catch (IOException ex) {
			String failure = FileFailure.describe(ex);
			if (!failure.equals(this.lastFailure)) {
				this.lastFailure = failure;
				logger.error("No worker can be started: the run directory " + before.path()
						+ " cannot be seen, or was deleted, in part or as a whole, and cannot be recreated: "
						+ failure);
			}
			throw ex;
		}
	}

	/**
	 * A socket that cannot be looked at would count as missing.
	 */
	private boolean isOpen() {
		return !this.directory.isClosed() && !this.directory.isUnseen();
	}

	private void touch() {
		try {
			this.directory.touch();
		}
		catch (IOException ex) {
			logger.debug("The run directory cannot be touched", ex);
		}
	}

	@Override
	public synchronized void close() {
		this.timer.shutdownNow();
		if (this.server != null) {
			this.server.close();
		}
	}

}
