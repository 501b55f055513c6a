package io.github.clusterboot.archive;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.clusterboot.archive.BackgroundCommand.Priority;
import io.github.clusterboot.jvm.LaunchCommand;
import io.github.clusterboot.master.MasterLog;
import io.github.clusterboot.master.WorkerLaunch;
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

	private final Duration timeToWarmUp;

	private final OpenEntries entries;

	private final Set<Integer> starting = new HashSet<>();

	private final CacheSuspicion suspicion = new CacheSuspicion();

	/**
	 * The keys of the jars that are being extracted, or are about to be.
	 */
	private final Set<String> extractions = new HashSet<>();

	private @Nullable Recording recording;

	private boolean off;

	/**
	 * Create the cache of a cluster.
	 * @param folder where archives are
	 * @param launch how the application is started
	 * @param jvm what tells the JVM from others
	 * @param options the workers' options
	 */
	WorkerCache(CacheFolder folder, LaunchCommand launch, String jvm, ArchiveOptions options) {
		this(folder, launch, jvm, options, TIME_TO_WARM_UP, CacheWork::newThread);
	}

	WorkerCache(CacheFolder folder, LaunchCommand launch, String jvm, ArchiveOptions options, Duration timeToWarmUp,
			ThreadFactory threads) {
		this.entries = new OpenEntries(folder);
		this.launch = launch;
		this.jvm = jvm;
		this.options = options;
		this.timeToWarmUp = timeToWarmUp;
		this.work = new CacheWork(new ArchiveMaker(launch, options), threads);
	}

	/**
	 * A list of classes that a worker writes.
	 *
	 * @param id the worker's id
	 * @param key the key of the entry
	 * @param application the files that the worker was started from
	 * @param entry the entry that is to have the archive
	 * @param list the file with the list
	 * @param begun whether the archive is being made
	 */
	private record Recording(int id, String key, ApplicationFiles application, CacheEntry entry, Path list,
			AtomicBoolean begun) {

		Recording(int id, String key, ApplicationFiles application, CacheEntry entry, Path list) {
			this(id, key, application, entry, list, new AtomicBoolean());
		}

	}

	/**
	 * Have the jar extracted if need be. Does not wait for it.
	 */
	synchronized void prepare() {
		try {
			ApplicationFiles application = ApplicationFiles.of(this.launch);
			String key = key(application);
			CacheEntry entry = this.entries.open(key, application);
			if (entry != null && !entry.hasFailed()) {
				extractIfNeedBe(key, application, entry, Priority.NORMAL);
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
			ApplicationFiles application = ApplicationFiles.of(this.launch);
			String key = key(application);
			CacheEntry entry = this.entries.open(key, application);
			if (entry == null || entry.hasFailed() || !extractIfNeedBe(key, application, entry, Priority.LOWEST)) {
				return CachedStart.PLAIN;
			}
			boolean usable = entry.isUsable();
			Path jar = application.executableJar();
			if ((usable || jar != null) && !this.suspicion.startsFromCache(worker.id(), usable + key)) {
				return CachedStart.PLAIN;
			}
			return new CachedStart(
					usable ? this.options.toUse(entry.archive()) : record(worker, key, application, entry),
					(jar != null) ? entry.extracted(jar) : null);
		}
		catch (IOException | RuntimeException | Error ex) {
			logger.debug("worker " + worker.id() + " is started without an archive of classes", ex);
			return CachedStart.PLAIN;
		}
	}

	private String key(ApplicationFiles application) {
		return "%s\n%s\n%s\n".formatted(this.jvm, String.join("\n", this.options.common()),
				String.join("\n", application.fingerprint()));
	}

	private boolean extractIfNeedBe(String key, ApplicationFiles application, CacheEntry entry, Priority priority) {
		Path jar = application.executableJar();
		if (jar == null || entry.isExtracted(jar)) {
			return true;
		}
		if (this.extractions.add(key)
				&& !this.work.begin((maker) -> extract(key, entry, jar, priority, maker), entry::fail)) {
			// the next worker tries again
			extracted(key);
		}
		return false;
	}

	private void extract(String key, CacheEntry entry, Path jar, Priority priority, ArchiveMaker maker)
			throws IOException, InterruptedException {
		try {
			maker.extract(entry, jar, priority);
		}
		finally {
			extracted(key);
		}
	}

	private synchronized void extracted(String key) {
		this.extractions.remove(key);
	}

	private List<String> record(WorkerLaunch worker, String key, ApplicationFiles application, CacheEntry entry) {
		if (entry.hasFailedToArchive() || (this.recording != null && this.recording.key().equals(key))) {
			return List.of();
		}
		Path list = worker.runDirectory().resolve("worker-" + worker.id() + ".classes");
		this.recording = new Recording(worker.id(), key, application, entry, list);
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
		Recording recorded = this.recording;
		if (recorded != null && this.starting.isEmpty() && !this.off && !recorded.begun().getAndSet(true)
				&& !this.work.begin((maker) -> archive(recorded, maker), recorded.entry()::failToArchive)) {
			archived(recorded);
		}
	}

	private void archive(Recording recorded, ArchiveMaker maker) throws IOException, InterruptedException {
		Thread.sleep(this.timeToWarmUp.toMillis());
		if (isPostponed(recorded)) {
			return;
		}
		try {
			if (!isCurrent(recorded.key())) {
				// the next worker starts from another jar
				return;
			}
			long start = System.nanoTime();
			if (maker.archive(recorded.entry(), recorded.application(), recorded.list())) {
				logger.info("Further workers start from an archive of classes, made in %.1f s: %s"
					.formatted((System.nanoTime() - start) / 1e9, recorded.entry().archive()));
				prune();
			}
		}
		finally {
			archived(recorded);
		}
	}

	/**
	 * Another worker may have begun to start meanwhile, as all others do when the first
	 * is ready.
	 */
	private synchronized boolean isPostponed(Recording recorded) {
		if (this.starting.isEmpty()) {
			return false;
		}
		recorded.begun().set(false);
		return true;
	}

	private void prune() {
		try {
			this.entries.prune();
		}
		catch (IOException | UncheckedIOException ex) {
			// another cluster may be doing the same
			logger.debug("Old archives are still there", ex);
		}
	}

	private boolean isCurrent(String key) {
		try {
			return key(ApplicationFiles.of(this.launch)).equals(key);
		}
		catch (IOException ex) {
			// the jar is being replaced
			return false;
		}
	}

	private synchronized void archived(Recording recorded) {
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
