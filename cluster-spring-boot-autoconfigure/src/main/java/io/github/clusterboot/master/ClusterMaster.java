package io.github.clusterboot.master;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import io.github.clusterboot.ClusterView;
import io.github.clusterboot.ipc.NativeTransport;
import io.github.clusterboot.ipc.Scoreboard;
import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.FastThreadLocalThread;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The master of a cluster: puts its parts together and runs until the cluster has
 * stopped.
 */
public final class ClusterMaster {

	private static final Log logger = LogFactory.getLog(ClusterMaster.class);

	private static final Duration STALL_CHECK_INTERVAL = Duration.ofMillis(100);

	private final MasterSettings settings;

	private final WorkerCommand command;

	/**
	 * Create a master that does not run yet.
	 * @param settings what it works by
	 * @param command how workers are started
	 */
	public ClusterMaster(MasterSettings settings, WorkerCommand command) {
		this.settings = settings;
		this.command = command;
	}

	/**
	 * Return why this platform cannot run a cluster.
	 * @return the cause, or {@code null} if it can
	 */
	public static @Nullable Throwable unavailabilityCause() {
		return NativeTransport.unavailabilityCause();
	}

	/**
	 * Run the cluster. Returns when it has stopped and no worker's process lives any
	 * more. Takes the process's {@code TERM}, {@code INT} and {@code HUP} signals for
	 * itself.
	 * @return the exit code that the process should end with
	 * @throws ListenException if the address of the first listener cannot be listened on
	 * @throws IOException if the run directory or a socket in it cannot be made
	 */
	public int run() throws IOException {
		MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, ClusterMaster::newThread,
				EpollIoHandler.newFactory());
		IoEventLoop loop = group.next();
		CompletableFuture<Stop> stop = new CompletableFuture<>();
		// signals come first and go last: whenever one comes, no file is left
		try (MasterSignals signals = MasterSignals.handle(loop, stop);
				OwnedRunDirectory directory = OwnedRunDirectory.create()) {
			return run(loop, directory, stop);
		}
		finally {
			group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
		}
	}

	private static Thread newThread(Runnable task) {
		Thread thread = new FastThreadLocalThread(task, "cluster-master");
		thread.setDaemon(true);
		return thread;
	}

	private int run(IoEventLoop loop, OwnedRunDirectory directory, CompletableFuture<Stop> stopReady)
			throws IOException {
		Scoreboard scoreboard = Scoreboard.create(directory.directory().scoreboard());
		Workers workers = new Workers();
		EventJournal journal = new EventJournal(Clock.systemUTC());
		Listeners listeners = new Listeners(loop, scoreboard, this.settings.backlog());
		Drainer drainer = new Drainer(this.settings, loop, listeners, journal);
		Stop stop = new Stop(this.settings, loop, workers, listeners, drainer, journal);
		Supervisor supervisor = new Supervisor(this.settings, loop,
				new WorkerStarter(this.command, directory.directory(), scoreboard), workers, listeners, drainer, stop,
				journal);
		ClusterView.Master self = new ClusterView.Master(ProcessHandle.current().pid(),
				Instant.now().truncatedTo(ChronoUnit.MILLIS));
		Supplier<ClusterView> view = () -> supervisor.view(self);
		journal.onEvent(new Broadcast(loop, workers, journal, view)::eventHappened);
		WorkerMessages messages = new WorkerMessages(this.settings, loop, listeners, supervisor, drainer, stop, journal,
				view);
		new ControlServer(loop, workers, messages).open(directory.directory());
		logger.info("Cluster master (pid " + self.pid() + ") starts " + this.settings.workers()
				+ ((this.settings.workers() == 1) ? " worker" : " workers"));
		try (LastResort lastResort = LastResort.install(workers, directory)) {
			stopReady.complete(stop);
			loop.scheduleAtFixedRate(listeners::checkStalled, STALL_CHECK_INTERVAL.toNanos(),
					STALL_CHECK_INTERVAL.toNanos(), TimeUnit.NANOSECONDS);
			loop.execute(supervisor::converge);
			return await(stop);
		}
	}

	private static int await(Stop stop) throws IOException {
		try {
			return stop.exit().join();
		}
		catch (CompletionException ex) {
			if (ex.getCause() instanceof IOException failure) {
				throw failure;
			}
			throw ex;
		}
	}

}
