package io.github.clusterboot.it.load;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

/**
 * A load to be put on an application on this machine: how many clients of which kind, and
 * how fast. It is bounded in time and in the number of requests.
 */
public final class Load {

	private static final AtomicInteger runs = new AtomicInteger();

	private final InetSocketAddress address;

	private final @Nullable Path records;

	private final Map<Traffic, Integer> clients = new EnumMap<>(Traffic.class);

	private Duration pause = Duration.ofMillis(100);

	private Duration timeout = Duration.ofSeconds(10);

	private Duration maxDuration = Duration.ofMinutes(10);

	private int maxRequests = 1_000_000;

	/**
	 * Create a load without clients.
	 * @param port the port on the loopback interface
	 * @param records the directory in which the workers record what they execute, or
	 * {@code null} where they do not
	 */
	public Load(int port, @Nullable Path records) {
		this.address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
		this.records = records;
	}

	/**
	 * Set how many clients of a kind there are, each on a thread of its own.
	 * @param traffic the kind
	 * @param count how many
	 * @return this load
	 */
	public Load clients(Traffic traffic, int count) {
		this.clients.put(traffic, count);
		return this;
	}

	/**
	 * Set 64 clients with a connection for each request, 64 with one that is kept alive,
	 * 8 with slow requests and 8 with slow uploads.
	 * @return this load
	 */
	public Load mixedClients() {
		return clients(Traffic.NEW_CONNECTION, 64).clients(Traffic.KEPT_ALIVE, 64)
			.clients(Traffic.SLOW_REQUEST, 8)
			.clients(Traffic.SLOW_UPLOAD, 8);
	}

	/**
	 * Set the mean time that a client lets pass between an answer and its next request.
	 * @param pause the time, which is varied at random from none to the double
	 * @return this load
	 */
	public Load pause(Duration pause) {
		this.pause = pause;
		return this;
	}

	/**
	 * Set how long the connect, and then the answer, may take.
	 * @param timeout the time after which the request has failed
	 * @return this load
	 */
	public Load timeout(Duration timeout) {
		this.timeout = timeout;
		return this;
	}

	/**
	 * Set after how many requests, or after which time, the load ends by itself.
	 * @param requests how many requests
	 * @param duration the time
	 * @return this load
	 */
	public Load atMost(int requests, Duration duration) {
		this.maxRequests = requests;
		this.maxDuration = duration;
		return this;
	}

	/**
	 * Start the clients. Does not wait for anything.
	 * @return the load, to be stopped
	 */
	public RunningLoad start() {
		String run = "run" + runs.incrementAndGet();
		Pace pace = new Pace(this.pause, this.maxDuration, this.maxRequests);
		ExecutorService threads = Executors.newCachedThreadPool();
		List<Future<LoadClient.Log>> logs = new ArrayList<>();
		this.clients.forEach((traffic, count) -> {
			for (int i = 0; i < count; i++) {
				String name = run + "-" + traffic.name().toLowerCase() + "-" + i;
				logs.add(threads.submit(new LoadClient(traffic, name, this.address, this.timeout, pace)));
			}
		});
		threads.shutdown();
		return new RunningLoad(pace, threads, logs, this.records);
	}

}
