package io.github.clusterboot.worker;

import java.net.BindException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongFunction;

import io.github.clusterboot.ClusterEvent;
import io.github.clusterboot.ClusterEventType;
import io.github.clusterboot.ClusterView;
import io.github.clusterboot.ipc.Message;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests to the master and waits for their answers: what a worker itself asks,
 * and what an operator asks through a worker. May be used from any thread.
 */
public final class MasterClient {

	private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(2);

	/**
	 * A master that starts many workers at once is slow to answer; a server that does not
	 * get its port has to give up at some point.
	 */
	private static final Duration LISTEN_TIMEOUT = Duration.ofSeconds(30);

	private final Consumer<Message.FromWorker> master;

	private final PendingRequests requests = new PendingRequests();

	private volatile @Nullable ClusterView lastView;

	/**
	 * Create a client.
	 * @param master sends a message to the master, and does not block
	 */
	MasterClient(Consumer<Message.FromWorker> master) {
		this.master = master;
	}

	/**
	 * Receive an answer from the master.
	 * @param answer the answer, or a view that was not asked for
	 */
	void answered(Message.Answer answer) {
		if (answer instanceof Message.View view) {
			this.lastView = view.view();
		}
		this.requests.answered(answer);
	}

	/**
	 * Return the last view of the cluster that the master has sent.
	 * @return the view, or {@code null} before the first
	 */
	public @Nullable ClusterView lastView() {
		return this.lastView;
	}

	/**
	 * Ask the master for the state of the cluster. Blocks for at most two seconds.
	 * @return the state
	 * @throws MasterUnavailableException if the master does not answer in time
	 */
	public ClusterView view() throws MasterUnavailableException {
		return ((Message.View) request(Message.ViewQuery::new, ANSWER_TIMEOUT)).view();
	}

	/**
	 * Ask the master for the events that its journal holds. Blocks for at most two
	 * seconds.
	 * @param after only events with a higher sequence number
	 * @param type only events of this type, or {@code null} for all
	 * @return the events, oldest first
	 * @throws MasterUnavailableException if the master does not answer in time
	 */
	public List<ClusterEvent> events(long after, @Nullable ClusterEventType type) throws MasterUnavailableException {
		return ((Message.Events) request((number) -> new Message.EventsQuery(number, after, type), ANSWER_TIMEOUT))
			.events();
	}

	/**
	 * Ask the master for a rolling restart. Blocks for at most two seconds.
	 * @throws MasterUnavailableException if the master does not answer in time
	 * @throws CommandRefusedException if the master refuses, since the cluster stops
	 */
	public void restartCluster() throws MasterUnavailableException, CommandRefusedException {
		command(Message.RestartCluster::new);
	}

	/**
	 * Ask the master for the replacement of one worker. Blocks for at most two seconds.
	 * @param worker the worker's id
	 * @throws MasterUnavailableException if the master does not answer in time
	 * @throws CommandRefusedException if the master refuses, since there is no such
	 * worker, or the cluster stops
	 */
	public void restartWorker(int worker) throws MasterUnavailableException, CommandRefusedException {
		command((number) -> new Message.RestartWorker(number, worker));
	}

	/**
	 * Ask the master for a new number of workers. Blocks for at most two seconds.
	 * @param workers the number
	 * @throws MasterUnavailableException if the master does not answer in time
	 * @throws CommandRefusedException if the master refuses, since the cluster stops
	 */
	public void resize(int workers) throws MasterUnavailableException, CommandRefusedException {
		command((number) -> new Message.Resize(number, workers));
	}

	private void command(LongFunction<Message.FromWorker> command)
			throws MasterUnavailableException, CommandRefusedException {
		if (request(command, ANSWER_TIMEOUT) instanceof Message.Refused refused) {
			throw new CommandRefusedException(refused.message());
		}
	}

	/**
	 * Ask the master to listen.
	 * @param listener the listener's name
	 * @param host the literal IP address, or {@code null} for the wildcard address
	 * @param port the port, 0 for any
	 * @return the listener as the master describes it
	 * @throws BindException if the master cannot listen there
	 * @throws MasterUnavailableException if the master does not answer in time
	 */
	Message.Listening listen(String listener, @Nullable String host, int port)
			throws BindException, MasterUnavailableException {
		Message.Answer answer = request((number) -> new Message.Listen(number, listener, host, port), LISTEN_TIMEOUT);
		if (answer instanceof Message.Listening listening) {
			return listening;
		}
		throw new BindException(((Message.ListenFailed) answer).message());
	}

	private Message.Answer request(LongFunction<Message.FromWorker> message, Duration timeout)
			throws MasterUnavailableException {
		return this.requests.await((number) -> this.master.accept(message.apply(number)), timeout);
	}

}
