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
import io.github.clusterboot.Scheduling;
import io.github.clusterboot.ipc.NativeTransport;
import io.github.clusterboot.ipc.Scoreboard;
import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
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

	/**
	 * Netty reads this once, when it needs the first buffer. A master reads and writes a
	 * few frames, for which a pool of buffers is only memory.
	 */
	private static final String ALLOCATOR = "io.netty.allocator.type";

	private final MasterSettings settings;

	private final WorkerCommand command;

	/**
	 * Create a master that does not run yet.
	 * @param settings what it works by
	 * @param command how workers are started
	 */
	public ClusterMaster(MasterSettings settings, WorkerCommand command) {
		this.settings = usable(settings, NativeTransport.current().hasPacketFilters());
		this.command = command;
	}

	/**
	 * Without packet filters the kernel does not choose well among sockets with
	 * {@code SO_REUSEPORT}: macOS gives all connections to one of them.
	 */
	static MasterSettings usable(MasterSettings settings, boolean packetFilters) {
		if (settings.scheduling() != Scheduling.REUSE_PORT || packetFilters) {
			return settings;
		}
		logger.warn("Connections are handed over round robin: "
				+ "this system's kernel cannot do what 'cluster.scheduling=reuse-port' needs");
		return settings.scheduledBy(Scheduling.ROUND_ROBIN);
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
	 * more. Takes the process's {@code TERM}, {@code INT}, {@code HUP}, {@code TTIN} and
	 * {@code TTOU} signals for itself.
	 * @return the exit code that the process should end with
	 * @throws ListenException if the address of the first listener cannot be listened on
	 * @throws IOException if the run directory or a socket in it cannot be made
	 */
	public int run() throws IOException {
		if (System.getProperty(ALLOCATOR) == null) {
			System.setProperty(ALLOCATOR, "unpooled");
		}
		MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, ClusterMaster::newThread,
				NativeTransport.current().newIoHandlerFactory());
		IoEventLoop loop = group.next();
		CompletableFuture<MasterSignals.Target> target = new CompletableFuture<>();
		// signals come first and go last: whenever one comes, no file is left
		try (MasterSignals signals = MasterSignals.handle(loop, target);
				OwnedRunDirectory directory = OwnedRunDirectory.create()) {
			return run(loop, directory, target);
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

	private int run(IoEventLoop loop, OwnedRunDirectory directory, CompletableFuture<MasterSignals.Target> target)
			throws IOException {
		Scoreboard scoreboard = Scoreboard.create(directory.directory().scoreboard());
		Workers workers = new Workers();
		EventJournal journal = new EventJournal(Clock.systemUTC());
		Rollout rollout = new Rollout(journal);
		Listeners listeners = new Listeners(this.settings, loop, scoreboard,
				PassedSockets.of(System.getenv(), directory.directory().path()));
		Drainer drainer = new Drainer(this.settings, loop, listeners, journal);
		Stop stop = new Stop(this.settings, loop, workers, listeners, drainer, journal);
		WorkerLife life = new WorkerLife(this.settings, loop,
				new WorkerStarter(this.command, directory.directory(), scoreboard), workers, listeners, drainer, stop,
				journal, rollout);
		Supervisor supervisor = new Supervisor(this.settings, workers, life, drainer, stop, journal, rollout);
		life.onChange(supervisor::converge);
		ClusterView.Master self = new ClusterView.Master(ProcessHandle.current().pid(),
				Instant.now().truncatedTo(ChronoUnit.MILLIS));
		Supplier<ClusterView> view = () -> supervisor.view(self, listeners.views());
		Broadcast broadcast = new Broadcast(loop, workers, journal, view);
		ServiceNotifier notifier = ServiceNotifier.to(System.getenv(ServiceNotifier.SOCKET_VARIABLE));
		journal.onEvent(() -> {
			broadcast.eventHappened();
			if (notifier != null) {
				notifier.tell(view.get());
			}
		});
		if (notifier != null) {
			// on the event loop, as all other use
			stop.exit().whenComplete((exitCode, failure) -> notifier.close());
		}
		WorkerMessages messages = new WorkerMessages(this.settings, loop, listeners, workers, life, supervisor, drainer,
				stop, journal, view);
		new ControlServer(loop, workers, messages).open(directory.directory());
		logger.info("Cluster master (pid " + self.pid() + ") starts " + this.settings.workers()
				+ ((this.settings.workers() == 1) ? " worker" : " workers"));
		try (LastResort lastResort = LastResort.install(workers, directory)) {
			target.complete(new MasterSignals.Target(stop, supervisor));
			repeat(loop, STALL_CHECK_INTERVAL, listeners::checkStalled);
			repeat(loop, HeartMonitor.INTERVAL,
					new HeartMonitor(this.settings.heartbeatTimeout(), workers, life)::check);
			repeat(loop, Recycler.INTERVAL, new Recycler(this.settings.recycling(), workers, supervisor)::check);
			loop.execute(supervisor::converge);
			return await(stop);
		}
	}

	/**
	 * Repeat a task. A failure does not keep it from being repeated.
	 */
	private static void repeat(IoEventLoop loop, Duration interval, Runnable task) {
		loop.scheduleAtFixedRate(() -> {
			try {
				task.run();
			}
			catch (RuntimeException | Error ex) {
				logger.error("A task of the master has failed", ex);
			}
		}, interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
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
