package io.github.clusterboot.archive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadFactory;

import io.github.clusterboot.archive.BackgroundCommand.Priority;
import io.github.clusterboot.jvm.LaunchCommand;
import io.github.clusterboot.master.loop.MasterLog;
import io.github.clusterboot.master.process.WorkerLaunch;
import org.apache.commons.logging.Log;
import org.jspecify.annotations.Nullable;

/**
 * Makes workers start fast: from what was extracted of an executable jar, and from an
 * archive of loaded classes.
 * <p>
 * The jar is extracted before the first worker starts, or, if it has been replaced, in
 * the background. A worker that is started without an archive writes down which classes
 * it loads; when it and all others that are starting are ready, the archive is made in
 * the background.
 * <p>
 * Nothing that fails here keeps a worker from being started, and by {@link CacheAccess}
 * nothing that takes long does. If a worker fails the cache may be to blame, see
 * {@link CacheSuspicion}; then it is no longer used.
 */
final class WorkerCache implements AutoCloseable {

	private static final Log logger = MasterLog.of(WorkerCache.class);

	/**
	 * What a worker loads for its first requests is worth having, too.
	 */
	private static final Duration TIME_TO_WARM_UP = Duration.ofSeconds(3);

	/**
	 * The first worker waits that long for the jar to be extracted, which takes a second
	 * or two: less than it gains by it.
	 */
	private static final Duration TIME_TO_EXTRACT = Duration.ofSeconds(10);

	private final LaunchCommand launch;

	private final String jvm;

	private final ArchiveOptions options;

	private final CacheWork work;

	private final JarExtraction extraction;

	private final Duration timeToWarmUp;

	private final OpenEntries entries;

	private final Set<Integer> starting = new HashSet<>();

	private final CacheSuspicion suspicion = new CacheSuspicion();

	private @Nullable ClassRecording recording;

	private boolean off;

	/**
	 * Create the cache of a cluster.
	 * @param folder where archives are
	 * @param launch how the application is started
	 * @param jvm what tells the JVM from others
	 * @param options the workers' options
	 */
	WorkerCache(CacheFolder folder, LaunchCommand launch, String jvm, ArchiveOptions options) {
		this(folder, launch, jvm, options, TIME_TO_WARM_UP, DaemonThreads.named(CacheWork.THREAD));
	}

	WorkerCache(CacheFolder folder, LaunchCommand launch, String jvm, ArchiveOptions options, Duration timeToWarmUp,
			ThreadFactory threads) {
		this.launch = launch;
		this.jvm = jvm;
		this.options = options;
		this.timeToWarmUp = timeToWarmUp;
		this.work = new CacheWork(new ArchiveMaker(launch, options), threads);
		this.extraction = new JarExtraction(this.work);
		// most runs that are short make no archive
		this.entries = new OpenEntries(folder, () -> this.work.beginFavour(this::prune));
	}

	/**
	 * Have the jar extracted if need be. Does not wait for it.
	 */
	synchronized void prepare() {
		try {
			CacheKey key = key();
			CacheEntry entry = this.entries.open(key);
			if (entry != null && !entry.hasFailed()) {
				this.extraction.request(key, entry, Priority.NORMAL);
			}
		}
		catch (IOException | RuntimeException | Error ex) {
			logger.debug("There is no archive of classes", ex);
		}
	}

	/**
	 * Wait until the jar has been extracted, but not for long.
	 */
	void awaitPrepared() {
		this.work.await(TIME_TO_EXTRACT);
	}

	/**
	 * Return how a worker is started, which is about to happen.
	 * @param worker the worker
	 * @return what is special to it
	 */
	synchronized CachedStart start(WorkerLaunch worker) {
		this.starting.add(worker.id());
		this.suspicion.startsWithoutCache(worker.id());
		if (this.off) {
			return CachedStart.PLAIN;
		}
		try {
			CacheKey key = key();
			CacheEntry entry = this.entries.open(key);
			if (entry == null || entry.hasFailed() || !this.extraction.request(key, entry, Priority.LOWEST)) {
				return CachedStart.PLAIN;
			}
			boolean usable = entry.isUsable();
			Path jar = key.application().executableJar();
			if ((usable || jar != null) && !this.suspicion.startsFromCache(worker.id(), usable + key.text())) {
				return CachedStart.PLAIN;
			}
			return new CachedStart(usable ? this.options.toUse(entry.archive()) : record(worker, key, entry),
					(jar != null) ? entry.extracted(jar) : null);
		}
		catch (IOException | RuntimeException | Error ex) {
			logger.debug("worker " + worker.id() + " is started without an archive of classes", ex);
			return CachedStart.PLAIN;
		}
	}

	private void prune() {
		this.entries.prune();
	}

	private CacheKey key() throws IOException {
		return CacheKey.of(this.launch, this.jvm, this.options.common());
	}

	private List<String> record(WorkerLaunch worker, CacheKey key, CacheEntry entry) {
		if (entry.hasFailedToArchive() || (this.recording != null && this.recording.key().equals(key))) {
			return List.of();
		}
		Path list = worker.runDirectory().resolve("worker-" + worker.id() + ".classes");
		this.recording = new ClassRecording(worker.id(), key, entry, list);
		return ArchiveOptions.toRecord(list);
	}

	/**
	 * A worker is ready.
	 * @param id the worker's id
	 */
	synchronized void ready(int id) {
		this.starting.remove(id);
		if (this.suspicion.ready(id) && !this.off) {
			this.off = true;
			logger.warn("Workers are started without an archive of classes from now on: "
					+ "one that was started from it failed, and worker " + id + " is ready without it");
			this.entries.failAll("A worker that was started from it failed, and the next one did not");
		}
		archiveIfNoneStarts();
	}

	/**
	 * A worker has ended, or could not be started.
	 * @param id the worker's id
	 * @param failed whether it failed to start, hung, or took too long to start
	 */
	synchronized void ended(int id, boolean failed) {
		boolean neverReady = this.starting.remove(id);
		this.suspicion.ended(id, failed && neverReady);
		if (neverReady && this.recording != null && this.recording.id() == id) {
			this.recording = null;
		}
		archiveIfNoneStarts();
	}

	private void archiveIfNoneStarts() {
		ClassRecording recorded = this.recording;
		if (recorded != null && this.starting.isEmpty() && !this.off && !recorded.begun().getAndSet(true)
				&& !this.work.begin((maker) -> archive(recorded, maker), recorded.entry()::failToArchive)) {
			archived(recorded);
		}
	}

	private void archive(ClassRecording recorded, ArchiveMaker maker) throws IOException, InterruptedException {
		Thread.sleep(this.timeToWarmUp.toMillis());
		if (isPostponed(recorded)) {
			return;
		}
		try {
			if (!recorded.key().isCurrent(this.launch, this.jvm, this.options.common())) {
				// the next worker starts from another jar
				return;
			}
			long start = System.nanoTime();
			if (maker.archive(recorded.entry(), recorded.key().application(), recorded.list())) {
				logger.info("Further workers start from an archive of classes, made in %.1f s: %s"
					.formatted((System.nanoTime() - start) / 1e9, recorded.entry().archive()));
			}
		}
		catch (IOException ex) {
			if (Files.exists(recorded.list())) {
				throw ex;
			}
			// the run directory is deleted if this process ends, and somebody may empty
			// it
			logger.debug("The list of classes has gone before there was an archive", ex);
		}
		finally {
			archived(recorded);
		}
	}

	/**
	 * Another worker may have begun to start meanwhile, as all others do when the first
	 * is ready.
	 */
	private synchronized boolean isPostponed(ClassRecording recorded) {
		if (this.starting.isEmpty()) {
			return false;
		}
		recorded.begun().set(false);
		return true;
	}

	private synchronized void archived(ClassRecording recorded) {
		if (this.recording == recorded) {
			this.recording = null;
		}
	}

	/**
	 * End what is being made, without waiting. May be called while another call waits for
	 * the file system.
	 */
	void endWork() {
		this.work.end();
	}

	/**
	 * End what is being made. What has been made stays.
	 */
	@Override
	public void close() {
		this.work.close();
		this.entries.close();
	}

}
