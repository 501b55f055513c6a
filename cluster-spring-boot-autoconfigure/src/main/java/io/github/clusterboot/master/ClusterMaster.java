package io.github.clusterboot.master;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

import io.github.clusterboot.ClusterView;
import io.github.clusterboot.Scheduling;
import io.github.clusterboot.ipc.Scoreboard;
import io.github.clusterboot.ipc.ScoreboardFile;
import io.github.clusterboot.master.control.Broadcast;
import io.github.clusterboot.master.control.ControlServer;
import io.github.clusterboot.master.control.WorkerMessages;
import io.github.clusterboot.master.dispatch.ListenObserver;
import io.github.clusterboot.master.dispatch.Listeners;
import io.github.clusterboot.master.loop.MasterLog;
import io.github.clusterboot.master.loop.MasterLoop;
import io.github.clusterboot.master.loop.NettyLogFactory;
import io.github.clusterboot.master.loop.Steps;
import io.github.clusterboot.master.process.BackgroundStarter;
import io.github.clusterboot.master.process.WorkerCommand;
import io.github.clusterboot.master.process.WorkerObserver;
import io.github.clusterboot.master.socket.ListenException;
import io.github.clusterboot.master.socket.PassedSockets;
import io.github.clusterboot.master.supervise.MasterSettings;
import io.github.clusterboot.master.supervise.Supervision;
import io.github.clusterboot.os.NativeTransport;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.FastThreadLocalThread;
import org.apache.commons.logging.Log;
import org.jspecify.annotations.Nullable;

/**
 * The master of a cluster: puts its parts together and runs until the cluster has
 * stopped.
 */
public final class ClusterMaster {

	private static final Log logger = MasterLog.of(ClusterMaster.class);

	private static final Duration TIME_TO_EXIT = Duration.ofSeconds(5);

	/**
	 * How long the process may live when the cluster has stopped.
	 */
	private static final Duration TIME_TO_END = Duration.ofSeconds(10);

	private static final Duration STALL_CHECK_INTERVAL = Duration.ofMillis(100);

	/**
	 * Netty reads this once, when it needs the first buffer. A master reads and writes a
	 * few frames, for which a pool of buffers is only memory.
	 */
	private static final String ALLOCATOR = "io.netty.allocator.type";

	private final MasterSettings settings;

	private final WorkerCommand command;

	private final List<WorkerObserver> workerObservers;

	private final ListenObserver observer;

	/**
	 * Create a master that does not run yet.
	 * @param settings what it works by
	 * @param command how workers are started
	 * @param workerObservers are told what becomes of workers
	 * @param observer is told what the master listens on
	 */
	public ClusterMaster(MasterSettings settings, WorkerCommand command, List<WorkerObserver> workerObservers,
			ListenObserver observer) {
		this.settings = usable(settings, NativeTransport.current().hasPacketFilters());
		this.command = command;
		this.workerObservers = workerObservers;
		this.observer = observer;
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
	 * Run the cluster. Returns when it has stopped and no worker's process is left. Takes
	 * the process's {@code TERM}, {@code INT}, {@code HUP}, {@code TTIN} and {@code TTOU}
	 * signals for itself. The process has to end soon after that: a few seconds later it
	 * is halted.
	 * @return the exit code that the process should end with
	 * @throws ListenException if the address of the first listener cannot be listened on
	 * @throws IOException if the run directory or a socket in it cannot be made
	 */
	public int run() throws IOException {
		if (System.getProperty(ALLOCATOR) == null) {
			System.setProperty(ALLOCATOR, "unpooled");
		}
		NettyLogFactory.install();
		ShutdownWatch watch = ShutdownWatch.start();
		MultiThreadIoEventLoopGroup group = newGroup();
		MasterLoop loop = new MasterLoop(group.next());
		CompletableFuture<Supervision> supervision = new CompletableFuture<>();
		// signals come first and go last: whenever one comes, no file is left
		try (MasterSignals signals = MasterSignals.handle(loop, supervision, watch, this.settings.shutdownTimeout());
				OwnedRunDirectory directory = OwnedRunDirectory.create();
				KillWorkersHook lastResort = KillWorkersHook.install(watch, directory, this.observer);
				ScoreboardFile figures = ScoreboardFile.create(directory.directory().path());
				RunDirectoryUpkeep upkeep = new RunDirectoryUpkeep(directory)) {
			return run(loop, watch, directory, figures, upkeep, supervision);
		}
		finally {
			group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
			MasterLog.flush();
		}
	}

	private static MultiThreadIoEventLoopGroup newGroup() throws IOException {
		try {
			return new MultiThreadIoEventLoopGroup(1, ClusterMaster::newThread,
					NativeTransport.current().newIoHandlerFactory());
		}
		catch (RuntimeException ex) {
			throw new IOException("The event loop cannot be made: " + ex.getMessage(), ex);
		}
	}

	private static Thread newThread(Runnable task) {
		Thread thread = new FastThreadLocalThread(task, "cluster-master");
		thread.setDaemon(true);
		return thread;
	}

	/**
	 * End this JVM. Shutdown hooks get a few seconds: one that closes the log may wait
	 * for ever if the log is not read.
	 * @param exitCode the exit code
	 */
	public static void exit(int exitCode) {
		Thread halt = new Thread(() -> {
			try {
				Thread.sleep(TIME_TO_EXIT.toMillis());
			}
			catch (InterruptedException ex) {
				// then at once
			}
			Runtime.getRuntime().halt(exitCode);
		}, "cluster-halt");
		halt.setDaemon(true);
		Steps.take("limit the time of the shutdown hooks", halt::start);
		System.exit(exitCode);
	}

	private int run(MasterLoop loop, ShutdownWatch watch, OwnedRunDirectory directory, ScoreboardFile figures,
			RunDirectoryUpkeep upkeep, CompletableFuture<Supervision> ready) throws IOException {
		Scoreboard scoreboard = figures.scoreboard();
		Listeners listeners = new Listeners(this.settings.scheduling(), this.settings.backlog(), loop, scoreboard,
				PassedSockets.of(System.getenv(), directory.directory().path()), this.observer);
		ClusterView.Master self = new ClusterView.Master(ProcessHandle.current().pid(), loop.now());
		try (BackgroundStarter starter = new BackgroundStarter(this.command, this.workerObservers, upkeep,
				scoreboard)) {
			Supervision supervision = new Supervision(self, this.settings, loop, starter, starter.observer(), listeners,
					SmallFootprint::keep);
			watch.killed(supervision.workers()::processes);
			// a file system that does not answer holds up what closes files
			supervision.exit()
				.whenComplete((exitCode, failure) -> watch.endWithin(TIME_TO_END, (failure == null) ? exitCode : 1));
			Broadcast broadcast = new Broadcast(loop, supervision.journal(), supervision::view);
			tellOfEvents(loop, supervision, broadcast);
			WorkerMessages messages = new WorkerMessages(supervision, listeners, broadcast,
					this.settings.drainTimeout());
			upkeep.start(new ControlServer(loop, supervision.workers(), messages, figures));
			logger.info("Cluster master (pid " + self.pid() + ") starts " + this.settings.size().workers()
					+ ((this.settings.size().workers() == 1) ? " worker" : " workers"));
			ready.complete(supervision);
			loop.repeat("look for workers that do not take connections", listeners::checkStalled, STALL_CHECK_INTERVAL);
			loop.repeat("look for connections that wait", listeners::resume, Supervision.INTERVAL);
			loop.execute("have the event loop watched",
					() -> watch.watch(Thread.currentThread(), supervision::loopEnded));
			supervision.start();
			return await(supervision);
		}
	}

	/**
	 * Have workers and the service manager told of what happens.
	 */
	private static void tellOfEvents(MasterLoop loop, Supervision supervision, Broadcast broadcast) {
		ServiceNotifier notifier = ServiceNotifier.to(System.getenv(ServiceNotifier.SOCKET_VARIABLE));
		supervision.journal().onEvent(() -> {
			Steps.take("tell the workers of an event", broadcast::eventOccurred);
			if (notifier != null) {
				Steps.take("tell the service manager of an event", () -> notifier.tell(supervision.view()));
			}
		});
		if (notifier != null) {
			loop.repeat("tell the service manager what it has missed", () -> notifier.tell(supervision.view()),
					Supervision.INTERVAL);
			// on the event loop, as all other use
			supervision.exit().whenCompleteAsync((exitCode, failure) -> notifier.close(), loop);
		}
	}

	private static int await(Supervision supervision) throws IOException {
		try {
			return supervision.exit().join();
		}
		catch (CompletionException ex) {
			if (ex.getCause() instanceof IOException failure) {
				throw failure;
			}
			throw ex;
		}
	}

}
