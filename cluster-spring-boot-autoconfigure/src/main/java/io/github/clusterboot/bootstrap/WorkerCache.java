package io.github.clusterboot.bootstrap;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.github.clusterboot.bootstrap.BackgroundCommand.Priority;
import io.github.clusterboot.master.WorkerLaunch;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Lets workers start fast: from what was extracted of an executable jar, and from an
 * archive of loaded classes.
 * <p>
 * The jar is extracted before the first worker starts, or, where it has been replaced, in
 * the background. A worker that is started without an archive writes down which classes
 * it loads; when it and all others that are starting are ready, the archive is made in
 * the background.
 * <p>
 * Nothing here ever keeps a worker from being started. After one that was started from
 * the cache and has failed, the next one is started without it; if that one gets ready,
 * the cache is to blame and is not used any more.
 */
final class WorkerCache implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(WorkerCache.class);

	/**
	 * What a worker loads for its first requests is worth having, too.
	 */
	private static final Duration TIME_TO_WARM_UP = Duration.ofSeconds(3);

	/**
	 * The first worker waits that long for the jar to be extracted, which takes a second:
	 * less than it gains by it.
	 */
	private static final Duration TIME_TO_EXTRACT = Duration.ofSeconds(10);

	private final LaunchCommand launch;

	private final String jvm;

	private final ArchiveOptions options;

	private final CacheWork work;

	private final Duration timeToWarmUp;

	private final OpenEntries entries;

	private final Set<Integer> starting = new HashSet<>();

	private final Set<Integer> fromCache = new HashSet<>();

	private @Nullable Recording recording;

	private boolean anyStarted;

	private boolean suspect;

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
		this.work = new CacheWork(new ArchiveMaker(launch.java(), options));
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

	private record Recording(int id, String key, ApplicationFiles application, CacheEntry entry, Path list) {

	}

	/**
	 * Have the jar extracted if need be. Does not wait for it.
	 */
	synchronized void prepare() {
		try {
			ApplicationFiles application = ApplicationFiles.of(this.launch);
			CacheEntry entry = this.entries.open(key(application), application);
			if (entry != null && !entry.hasFailed()) {
				extractIfNeedBe(application, entry, Priority.NORMAL);
			}
		}
		catch (IOException | RuntimeException ex) {
			logger.debug("There is no archive of classes", ex);
		}
	}

	/**
	 * Return how a worker is started, which is about to happen. Waits for the jar to be
	 * extracted if this is the first worker.
	 * @param worker the worker
	 * @return what is special to it
	 */
	Start start(WorkerLaunch worker) {
		if (!this.anyStarted) {
			this.anyStarted = true;
			this.work.await(TIME_TO_EXTRACT);
		}
		return choose(worker);
	}

	private synchronized Start choose(WorkerLaunch worker) {
		this.starting.add(worker.id());
		if (this.off || this.suspect) {
			return Start.PLAIN;
		}
		try {
			ApplicationFiles application = ApplicationFiles.of(this.launch);
			String key = key(application);
			CacheEntry entry = this.entries.open(key, application);
			if (entry == null || entry.hasFailed() || !extractIfNeedBe(application, entry, Priority.LOWEST)) {
				return Start.PLAIN;
			}
			Path jar = application.executableJar();
			Path extracted = (jar != null) ? entry.extracted(jar) : null;
			if (extracted != null || entry.isUsable()) {
				this.fromCache.add(worker.id());
			}
			return new Start(archiveOptions(worker, key, application, entry), extracted);
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

	private boolean extractIfNeedBe(ApplicationFiles application, CacheEntry entry, Priority priority) {
		Path jar = application.executableJar();
		if (jar == null || entry.isExtracted()) {
			return true;
		}
		this.work.start(entry, (maker) -> maker.extract(entry, jar, priority));
		return false;
	}

	private List<String> archiveOptions(WorkerLaunch worker, String key, ApplicationFiles application,
			CacheEntry entry) {
		if (entry.isUsable()) {
			return this.options.toUse(entry.archive());
		}
		if (this.recording != null) {
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
		if (!this.fromCache.remove(id) && this.suspect && !this.off) {
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
	 * @param failed whether it cannot start the application
	 */
	synchronized void ended(int id, boolean failed) {
		boolean neverReady = this.starting.remove(id);
		boolean cached = this.fromCache.remove(id);
		if (failed) {
			// where one without the cache fails as well the application is to blame
			this.suspect = cached;
		}
		if (neverReady && this.recording != null && this.recording.id() == id) {
			this.recording = null;
		}
		archiveIfNoneStarts();
	}

	private void archiveIfNoneStarts() {
		Recording recorded = this.recording;
		if (recorded != null && this.starting.isEmpty() && !this.off) {
			this.work.start(recorded.entry(), (maker) -> archive(recorded, maker));
		}
	}

	private void archive(Recording recorded, ArchiveMaker maker) throws IOException, InterruptedException {
		try {
			Thread.sleep(this.timeToWarmUp.toMillis());
			if (!key(ApplicationFiles.of(this.launch)).equals(recorded.key())) {
				// replaced meanwhile: the next worker starts from another jar
				return;
			}
			long start = System.nanoTime();
			if (maker.archive(recorded.entry(), recorded.application(), recorded.list())) {
				logger.info("Further workers start from an archive of classes, made in %.1f s: %s"
					.formatted((System.nanoTime() - start) / 1e9, recorded.entry().archive()));
				this.entries.prune();
			}
		}
		finally {
			recorded();
		}
	}

	private synchronized void recorded() {
		this.recording = null;
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
