package io.github.clusterboot.bootstrap;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.github.clusterboot.master.WorkerLaunch;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Lets workers start from an archive of loaded classes, and has it made.
 * <p>
 * Where there is none for the jar as it is now, the next worker writes down which classes
 * it loads. When it and all others that are starting are ready, a thread of the master's
 * has the archive made in the background. A worker that is started from an archive and
 * fails before it is ready is the last one of this master's: whatever is wrong with the
 * archive, it does not keep the cluster from starting.
 * <p>
 * Nothing here ever keeps a worker from being started.
 */
final class WorkerCache implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(WorkerCache.class);

	/**
	 * What a worker loads for its first requests is worth having, too.
	 */
	private static final Duration TIME_TO_WARM_UP = Duration.ofSeconds(3);

	private static final Duration TIME_TO_END = Duration.ofSeconds(2);

	private final LaunchCommand launch;

	private final String jvm;

	private final ArchiveOptions options;

	private final ArchiveMaker maker;

	private final Duration timeToWarmUp;

	private final OpenEntries entries;

	private final Set<Integer> starting = new HashSet<>();

	private final Set<Integer> fromArchive = new HashSet<>();

	private @Nullable Recording recording;

	private @Nullable Thread thread;

	private boolean off;

	/**
	 * Create the cache of a cluster.
	 * @param folder where archives are
	 * @param launch how the application is started
	 * @param jvm what tells the JVM from others
	 * @param options the workers' options
	 */
	WorkerCache(CacheFolder folder, LaunchCommand launch, String jvm, ArchiveOptions options) {
		this(folder, launch, jvm, options, TIME_TO_WARM_UP);
	}

	WorkerCache(CacheFolder folder, LaunchCommand launch, String jvm, ArchiveOptions options, Duration timeToWarmUp) {
		this.entries = new OpenEntries(folder);
		this.launch = launch;
		this.jvm = jvm;
		this.options = options;
		this.timeToWarmUp = timeToWarmUp;
		this.maker = new ArchiveMaker(launch.java(), options);
	}

	/**
	 * What is special to the command line of one worker.
	 *
	 * @param options JVM options ahead of all others
	 * @param jar the jar to start instead of the one that was given; {@code null} for
	 * none
	 */
	record Start(List<String> options, @Nullable Path jar) {

		static final Start PLAIN = new Start(List.of(), null);

	}

	private record Recording(int id, String key, ApplicationFiles application, CacheEntry entry, Path log,
			boolean ready) {

		Recording toReady() {
			return new Recording(this.id, this.key, this.application, this.entry, this.log, true);
		}

	}

	/**
	 * Return how a worker is started, which is about to happen.
	 * @param worker the worker
	 * @return what is special to it
	 */
	synchronized Start start(WorkerLaunch worker) {
		this.starting.add(worker.id());
		if (this.off) {
			return Start.PLAIN;
		}
		try {
			ApplicationFiles application = ApplicationFiles.of(this.launch);
			String key = key(application);
			CacheEntry entry = this.entries.open(key, application);
			if (entry == null || entry.hasFailed()) {
				return Start.PLAIN;
			}
			return entry.isUsable() ? fromArchive(worker, application, entry) : record(worker, application, key, entry);
		}
		catch (IOException | RuntimeException ex) {
			logger.debug("worker " + worker.id() + " is started without an archive of classes", ex);
			return Start.PLAIN;
		}
	}

	private String key(ApplicationFiles application) {
		return "%s\n%s\n%s\n".formatted(this.jvm, String.join("\n", this.options.common()),
				String.join("\n", application.fingerprint()));
	}

	private Start fromArchive(WorkerLaunch worker, ApplicationFiles application, CacheEntry entry) {
		this.fromArchive.add(worker.id());
		Path jar = application.executableJar();
		return new Start(this.options.toUse(entry.archive()), (jar != null) ? entry.extracted(jar) : null);
	}

	private Start record(WorkerLaunch worker, ApplicationFiles application, String key, CacheEntry entry) {
		if (this.recording != null) {
			return Start.PLAIN;
		}
		Path log = worker.runDirectory().resolve("worker-" + worker.id() + ".classes");
		this.recording = new Recording(worker.id(), key, application, entry, log, false);
		return new Start(ArchiveOptions.toRecord(log), null);
	}

	/**
	 * A worker is ready.
	 * @param id the worker's id
	 */
	synchronized void ready(int id) {
		this.starting.remove(id);
		this.fromArchive.remove(id);
		if (this.recording != null && this.recording.id() == id) {
			this.recording = this.recording.toReady();
		}
		makeIfNoneStarts();
	}

	/**
	 * A worker has ended.
	 * @param id the worker's id
	 * @param failed whether it has failed without having been ready
	 */
	synchronized void ended(int id, boolean failed) {
		this.starting.remove(id);
		if (this.fromArchive.remove(id) && failed && !this.off) {
			this.off = true;
			logger.warn("worker " + id + " was started from an archive of classes and has failed: "
					+ "from now on workers are started without it");
			this.entries.failAll("A worker that was started from it has failed");
		}
		if (this.recording != null && this.recording.id() == id && !this.recording.ready()) {
			this.recording = null;
		}
		makeIfNoneStarts();
	}

	private void makeIfNoneStarts() {
		Recording recorded = this.recording;
		if (recorded != null && recorded.ready() && this.starting.isEmpty() && this.thread == null && !this.off) {
			Thread made = new Thread(() -> make(recorded), "cluster-worker-cache");
			made.setDaemon(true);
			made.start();
			this.thread = made;
		}
	}

	private void make(Recording recorded) {
		try {
			Thread.sleep(this.timeToWarmUp.toMillis());
			if (!key(ApplicationFiles.of(this.launch)).equals(recorded.key())) {
				// replaced meanwhile: the next worker starts from another jar
				return;
			}
			long start = System.nanoTime();
			if (this.maker.make(recorded.entry(), recorded.application(), recorded.log())) {
				logger.info("Further workers start from an archive of classes, made in %.1f s: %s"
					.formatted((System.nanoTime() - start) / 1e9, recorded.entry().archive()));
				this.entries.prune();
			}
		}
		catch (InterruptedException ex) {
			// the cluster stops
		}
		catch (IOException | RuntimeException ex) {
			failed(recorded.entry(), ex);
		}
		finally {
			made();
		}
	}

	private synchronized void failed(CacheEntry entry, Exception failure) {
		if (!this.off) {
			logger.warn("Workers are started without an archive of classes: " + failure.getMessage());
			OpenEntries.fail(entry, String.valueOf(failure.getMessage()));
		}
	}

	private synchronized void made() {
		this.recording = null;
		this.thread = null;
	}

	/**
	 * End what is being made. What has been made stays.
	 */
	@Override
	public void close() {
		Thread made = end();
		if (made != null) {
			try {
				made.join(TIME_TO_END.toMillis());
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}
		this.entries.close();
	}

	private synchronized @Nullable Thread end() {
		this.off = true;
		this.maker.close();
		if (this.thread != null) {
			this.thread.interrupt();
		}
		return this.thread;
	}

}
