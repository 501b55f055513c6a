package io.github.clusterboot.archive;

import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

import io.github.clusterboot.jvm.LaunchCommand;
import io.github.clusterboot.jvm.RunningJvm;
import io.github.clusterboot.master.loop.MasterLog;
import io.github.clusterboot.master.process.WorkerLaunch;
import io.github.clusterboot.master.process.WorkerObserver;
import io.github.clusterboot.os.FileFailure;
import org.apache.commons.logging.Log;
import org.jspecify.annotations.Nullable;

/**
 * The cache of archives that {@code cluster.worker.cache} chooses, or none.
 * <p>
 * Used by one thread at a time, but for {@link #close}.
 */
public final class WorkerCacheChoice implements AutoCloseable {

	private static final Log logger = MasterLog.of(WorkerCacheChoice.class);

	private static final String UNUSABLE = "Workers are started without an archive of classes: "
			+ "the folder for it cannot be used";

	private static final WorkerCacheChoice NONE = new WorkerCacheChoice(null, List.of());

	private final @Nullable CacheAccess cache;

	private final List<String> warnings;

	private WorkerCacheChoice(@Nullable CacheAccess cache, List<String> warnings) {
		this.cache = cache;
		this.warnings = warnings;
	}

	/**
	 * Choose.
	 * @param setting {@code auto}, {@code off} or a folder
	 * @param jvm the JVM that workers are started from
	 * @param launch how it was launched
	 * @param workerOptions all JVM options of a worker
	 * @return the choice
	 */
	public static WorkerCacheChoice of(String setting, RunningJvm jvm, LaunchCommand launch,
			List<String> workerOptions) {
		String wanted = setting.trim();
		// what YAML makes of off
		if (wanted.equalsIgnoreCase("off") || wanted.equalsIgnoreCase("false")) {
			return NONE;
		}
		ArchiveOptions options = ArchiveOptions.of(jvm.feature(), workerOptions);
		if (!options.possible() || !isHotSpot(jvm)) {
			logger.debug("The workers' JVM options rule out an archive of classes");
			return NONE;
		}
		boolean auto = wanted.isEmpty() || wanted.toLowerCase(Locale.ROOT).equals("auto");
		try {
			CacheAccess access = CacheAccess.open(() -> {
				CacheFolder folder = auto ? CacheFolder.ofUser(jvm.environment(), jvm.systemProperties())
						: CacheFolder.of(launch.directory().resolve(wanted));
				return new WorkerCache(folder, launch, identityOf(jvm), options);
			}, (failure) -> logLateFailure(failure, auto));
			return new WorkerCacheChoice(access, access.warnings());
		}
		catch (IOException ex) {
			logger.debug(UNUSABLE, ex);
			return auto ? NONE : new WorkerCacheChoice(null, List.of(warning(ex)));
		}
	}

	private static void logLateFailure(IOException failure, boolean auto) {
		if (auto) {
			logger.debug(UNUSABLE, failure);
		}
		else {
			logger.warn(warning(failure));
		}
	}

	private static String warning(IOException failure) {
		return UNUSABLE + " (%s). Set 'cluster.worker.cache' to a folder of this user's, or to off."
			.formatted(FileFailure.describe(failure));
	}

	private static boolean isHotSpot(RunningJvm jvm) {
		String name = jvm.systemProperties().getOrDefault("java.vm.name", "");
		return name.contains("HotSpot") || name.contains("OpenJDK");
	}

	/**
	 * HotSpot compares its version and its image of modules, too.
	 */
	private static String identityOf(RunningJvm jvm) {
		File modules = new File(jvm.systemProperties().getOrDefault("java.home", ""), "lib/modules");
		return "%s %s %s %d %d".formatted(jvm.systemProperties().get("java.vm.version"),
				jvm.systemProperties().get("os.arch"), modules, modules.length(), modules.lastModified());
	}

	@Nullable CacheAccess cache() {
		return this.cache;
	}

	/**
	 * Return what the user should know. To be logged once, when logging works.
	 * @return the warnings
	 */
	public List<String> warnings() {
		return this.warnings;
	}

	/**
	 * Have the jar extracted if need be. Returns at once.
	 */
	public void prepare() {
		if (this.cache != null) {
			this.cache.prepare();
		}
	}

	/**
	 * Wait until the jar has been extracted, but not for long.
	 */
	public void awaitPrepared() {
		if (this.cache != null) {
			this.cache.awaitPrepared();
		}
	}

	/**
	 * Return how a worker is started, which is about to happen. Waits for the file system
	 * with the archives, but not for long.
	 * @param worker the worker
	 * @return what the cache adds to its command line
	 */
	public CachedStart start(WorkerLaunch worker) {
		return (this.cache != null) ? this.cache.start(worker) : CachedStart.PLAIN;
	}

	/**
	 * Return what has to be told what becomes of workers.
	 * @return the cache, or an empty list
	 */
	public List<WorkerObserver> observers() {
		return (this.cache != null) ? List.of(this.cache) : List.of();
	}

	/**
	 * End what is being made, whether or not the file system answers. May be called by
	 * any thread.
	 */
	@Override
	public void close() {
		if (this.cache != null) {
			this.cache.close();
		}
	}

}
