package io.github.clusterboot.archive;

import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;

import io.github.clusterboot.ExitReason;
import io.github.clusterboot.WorkerIdentity;
import io.github.clusterboot.master.loop.MasterLog;
import io.github.clusterboot.master.loop.Steps;
import io.github.clusterboot.master.process.WorkerLaunch;
import io.github.clusterboot.master.process.WorkerObserver;
import io.github.clusterboot.os.FileFailure;
import org.apache.commons.logging.Log;
import org.jspecify.annotations.Nullable;

/**
 * Opens and calls a {@link WorkerCache} on a thread of its own, and waits for it, but not
 * for long: the folder may be on a file system that does not answer, such as a home on
 * NFS.
 * <p>
 * A start that has not been answered in time goes on without the cache, and so do those
 * after it until the answer has come, which is thrown away.
 * <p>
 * Used by one thread at a time, but for {@link #clusterStopped} and {@link #close}.
 */
final class CacheAccess implements WorkerObserver, AutoCloseable {

	private static final Log logger = MasterLog.of(CacheAccess.class);

	static final String THREAD = "cluster-cache";

	private static final String LATE = "Workers are started without an archive of classes as long as it takes more than "
			+ "2 s to look at the archives and the application's jar: the file system with the archives does not answer, "
			+ "or that with the jar, or the machine is overloaded. If it lasts, set 'cluster.worker.cache' to a folder "
			+ "on another file system, or to off.";

	/**
	 * The exit codes of {@code KILL} and {@code TERM}. A worker that was told to end
	 * while it started might have started.
	 */
	private static final Set<Integer> TOLD_TO_END = Set.of(137, 143);

	/**
	 * To look at the cache takes milliseconds, and a second if the disk is busy.
	 */
	private static final Duration TIME_TO_ANSWER = Duration.ofSeconds(2);

	private final ThreadPoolExecutor thread;

	private final Duration timeToAnswer;

	private final Future<WorkerCache> opening;

	/**
	 * The workers that the cache has to hear of: at most those that are alive, so what
	 * waits for the thread stays small.
	 */
	private final Set<Integer> known = new HashSet<>();

	private Future<?> late = CompletableFuture.completedFuture(null);

	private @Nullable Future<WorkerCache> preparation;

	private List<String> warnings = List.of();

	private @Nullable Consumer<IOException> lateFailure;

	private CacheAccess(Callable<WorkerCache> opening, Duration timeToAnswer, ThreadFactory threads) {
		this.thread = new ThreadPoolExecutor(1, 1, 0, TimeUnit.NANOSECONDS, new LinkedBlockingQueue<>(), threads);
		this.timeToAnswer = timeToAnswer;
		// later there may be none to be had
		this.thread.prestartCoreThread();
		this.opening = this.thread.submit(opening);
	}

	/**
	 * Open a cache. If that takes too long it is used as soon as it has been opened, see
	 * {@link #warnings}.
	 * @param opening opens the cache
	 * @param lateFailure is told, when workers are started, if it could not be opened in
	 * the end
	 * @return the access to it, owned by the caller
	 * @throws IOException if it cannot be opened, or if no thread can be made
	 */
	static CacheAccess open(Callable<WorkerCache> opening, Consumer<IOException> lateFailure) throws IOException {
		return open(opening, lateFailure, TIME_TO_ANSWER, DaemonThreads.named(THREAD));
	}

	static CacheAccess open(Callable<WorkerCache> opening, Consumer<IOException> lateFailure, Duration timeToAnswer,
			ThreadFactory threads) throws IOException {
		try {
			CacheAccess access = new CacheAccess(opening, timeToAnswer, threads);
			access.awaitOpening(lateFailure);
			return access;
		}
		catch (OutOfMemoryError ex) {
			// also says that no thread can be made
			throw new IOException(ex.toString(), ex);
		}
	}

	private void awaitOpening(Consumer<IOException> lateFailure) throws IOException {
		try {
			await(this.opening);
		}
		catch (TimeoutException ex) {
			this.late = this.opening;
			this.lateFailure = lateFailure;
			// what is logged now would be before the log has been set up
			this.warnings = List.of(LATE);
		}
		catch (ExecutionException ex) {
			this.thread.shutdown();
			throw failureOf(ex);
		}
	}

	private static IOException failureOf(ExecutionException failure) {
		Throwable cause = failure.getCause();
		return new IOException((cause instanceof IOException) ? FileFailure.describe(cause) : cause.getMessage(),
				cause);
	}

	/**
	 * Return what the user should know once the cache has been opened, or not in time. To
	 * be logged by the caller.
	 * @return a warning, or an empty list
	 */
	List<String> warnings() {
		return this.warnings;
	}

	/**
	 * Have the jar extracted if need be. Returns at once.
	 */
	void prepare() {
		if (this.late.isDone()) {
			this.preparation = submit((cache) -> {
				cache.prepare();
				return cache;
			});
		}
	}

	/**
	 * Wait until the jar has been extracted, but not for long.
	 */
	void awaitPrepared() {
		WorkerCache prepared = (this.preparation != null) ? answer(this.preparation) : null;
		if (prepared != null) {
			prepared.awaitPrepared();
		}
	}

	/**
	 * Return how a worker is started, which is about to happen.
	 */
	CachedStart start(WorkerLaunch worker) {
		tellOfLateFailure();
		if (!this.late.isDone()) {
			return CachedStart.PLAIN;
		}
		CachedStart start = answer(submit((cache) -> cache.start(worker)));
		if (start == null) {
			// otherwise it would count as starting for ever
			tell((cache) -> cache.ended(worker.id(), false));
			return CachedStart.PLAIN;
		}
		this.known.add(worker.id());
		return start;
	}

	/**
	 * A failure is reported once. The log has been set up when workers are started.
	 */
	private void tellOfLateFailure() {
		Consumer<IOException> observer = this.lateFailure;
		if (observer != null) {
			this.lateFailure = null;
			try {
				this.thread.execute(() -> Steps.take("tell why there is no cache", () -> awaitFailure(observer)));
			}
			catch (RejectedExecutionException ex) {
				// the cluster stops
			}
		}
	}

	private void awaitFailure(Consumer<IOException> observer) throws InterruptedException {
		try {
			this.opening.get();
		}
		catch (ExecutionException ex) {
			observer.accept(failureOf(ex));
		}
	}

	@Override
	public void ready(WorkerIdentity worker) {
		if (this.known.contains(worker.id())) {
			tell((cache) -> cache.ready(worker.id()));
		}
	}

	@Override
	public void exited(WorkerIdentity worker, ExitReason reason, int exitCode) {
		ended(worker.id(), switch (reason) {
			case START_FAILED -> !TOLD_TO_END.contains(exitCode);
			case START_TIMEOUT, HUNG -> true;
			default -> false;
		});
	}

	@Override
	public void startFailed(int id) {
		ended(id, false);
	}

	private void ended(int id, boolean failed) {
		if (this.known.remove(id)) {
			tell((cache) -> cache.ended(id, failed));
		}
	}

	private void tell(Consumer<WorkerCache> event) {
		submit((cache) -> Steps.take("tell the cache of what has happened", () -> event.accept(cache)));
	}

	/**
	 * What is submitted comes after the opening.
	 */
	private <T> Future<T> submit(Function<WorkerCache, T> call) {
		try {
			return this.thread.submit(() -> call.apply(this.opening.get()));
		}
		catch (RejectedExecutionException ex) {
			// the cluster stops
			return CompletableFuture.failedFuture(ex);
		}
	}

	private <T> @Nullable T answer(Future<T> answer) {
		try {
			return await(answer);
		}
		catch (TimeoutException ex) {
			this.late = answer;
			if (this.warnings.isEmpty()) {
				// one warning is enough for a file system that is always slow
				this.warnings = List.of(LATE);
				logger.warn(LATE);
			}
		}
		catch (ExecutionException ex) {
			logger.debug("There is no archive of classes", ex);
		}
		return null;
	}

	private <T> @Nullable T await(Future<T> answer) throws ExecutionException, TimeoutException {
		try {
			return answer.get(this.timeToAnswer.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return null;
		}
	}

	/**
	 * End what is being made, without waiting for that.
	 */
	@Override
	public void clusterStopped() {
		WorkerCache opened = this.opening.isDone() ? answer(this.opening) : null;
		if (opened != null) {
			opened.endWork();
		}
	}

	/**
	 * End what is being made, whether or not the file system answers. May be called by
	 * any thread.
	 */
	@Override
	public void close() {
		tell(WorkerCache::close);
		this.thread.shutdown();
		clusterStopped();
		try {
			this.thread.awaitTermination(this.timeToAnswer.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
