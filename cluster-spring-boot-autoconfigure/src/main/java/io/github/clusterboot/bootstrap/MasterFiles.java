package io.github.clusterboot.bootstrap;

import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.clusterboot.environment.PidFile;
import io.github.clusterboot.master.dispatch.ListenObserver;
import io.github.clusterboot.master.loop.Steps;

import org.springframework.boot.SpringApplication;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * The files by which others find the master: those with its ports, which it writes when
 * it listens, and that with its id, which has been written. Both are deleted when it has
 * ended, and not by the JVM alone: {@link java.io.File#deleteOnExit} comes after all
 * shutdown hooks, and the one that closes the log may wait until the JVM is halted.
 * <p>
 * A thread of its own works on the files, since a file system may make it wait. It is
 * there from the beginning, when it can still be made.
 */
final class MasterFiles implements ListenObserver {

	/**
	 * A file system that does not answer must not hold up the end.
	 */
	private static final Duration TIME_TO_DELETE = Duration.ofSeconds(1);

	private final PidFile pidFile;

	private final PortFiles portFiles;

	private final ConfigurableEnvironment environment;

	private final ThreadPoolExecutor thread = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS,
			new LinkedBlockingQueue<>(), MasterFiles::newThread);

	private final AtomicBoolean closed = new AtomicBoolean();

	private MasterFiles(PidFile pidFile, PortFiles portFiles, ConfigurableEnvironment environment) {
		this.pidFile = pidFile;
		this.portFiles = portFiles;
		this.environment = environment;
		if (exist()) {
			this.thread.prestartCoreThread();
		}
	}

	/**
	 * Return the files of an application.
	 * @param application the application
	 * @param environment the environment by which its pid file was written
	 * @return the files, to be closed by the caller
	 */
	static MasterFiles of(SpringApplication application, ConfigurableEnvironment environment) {
		return new MasterFiles(new PidFile(application), PortFiles.of(application), environment);
	}

	private static Thread newThread(Runnable task) {
		Thread thread = new Thread(task, "cluster-files");
		thread.setDaemon(true);
		return thread;
	}

	private boolean exist() {
		return this.pidFile.exists() || this.portFiles.exist();
	}

	/**
	 * Returns at once. No task ends the thread, so none is made here.
	 */
	@Override
	public void listening(String name, int port) {
		if (this.portFiles.exist() && !this.closed.get()) {
			this.thread.execute(() -> Steps.take("write the port files", () -> this.portFiles.write(name, port)));
		}
	}

	/**
	 * Delete the files, and wait for that, but not for long.
	 */
	@Override
	public void close() {
		if (exist()) {
			Steps.take("delete the files of the master", this::deleteAndWait);
		}
	}

	private void deleteAndWait() throws InterruptedException {
		if (this.closed.compareAndSet(false, true)) {
			this.thread.execute(this::delete);
			this.thread.shutdown();
		}
		this.thread.awaitTermination(TIME_TO_DELETE.toMillis(), TimeUnit.MILLISECONDS);
	}

	private void delete() {
		Steps.take("delete the port files", this.portFiles::delete);
		Steps.take("delete the pid file", () -> this.pidFile.delete(this.environment));
	}

}
