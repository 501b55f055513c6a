package io.github.clusterboot.master.socket;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

import io.github.clusterboot.ClusterView;
import org.jspecify.annotations.Nullable;

/**
 * The sockets that the master was started with, which listeners take instead of binding
 * one.
 * <p>
 * The protocol is that of {@code sd_listen_fds(3)}: descriptors from 3 on; the
 * environment tells how many there are, for which process, and their names. Used on the
 * event loop only.
 */
public final class PassedSockets {

	/**
	 * {@code SD_LISTEN_FDS_START} of {@code systemd/sd-daemon.h}.
	 */
	private static final int FIRST_DESCRIPTOR = 3;

	/**
	 * Far more than there are listeners. Each of them is looked at, also if it is not
	 * open.
	 */
	private static final int MOST = 1024;

	/**
	 * The first listener of a server has no number, the others have one from 2 on.
	 */
	private static final Pattern LISTENER_NAME = Pattern.compile(
			"(" + ClusterView.Listener.SERVER + "|" + ClusterView.Listener.MANAGEMENT + ")(-([2-9]|[1-9][0-9]+))?");

	private final List<PassedSocket> left;

	private final @Nullable String problem;

	private boolean unusedTold;

	private PassedSockets(List<PassedSocket> sockets, @Nullable String problem) {
		this.left = new ArrayList<>(sockets);
		this.problem = problem;
	}

	/**
	 * Read what was passed to this process. Called before the event loop runs: it makes
	 * files.
	 * @param environment the process's environment
	 * @param scratch a directory for a file that lives for a moment
	 * @return the sockets, none if they are meant for another process
	 */
	public static PassedSockets of(Map<String, String> environment, Path scratch) {
		return of(environment, FIRST_DESCRIPTOR, scratch);
	}

	public static PassedSockets of(Map<String, String> environment, int firstDescriptor, Path scratch) {
		String pid = environment.get("LISTEN_PID");
		String count = environment.get("LISTEN_FDS");
		if (count == null || !String.valueOf(ProcessHandle.current().pid()).equals(pid)) {
			return new PassedSockets(List.of(), null);
		}
		int number = number(count);
		if (number < 0) {
			return new PassedSockets(List.of(), "No passed socket is used: '" + count
					+ "', the value of LISTEN_FDS, is not a number from 0 to " + MOST);
		}
		String[] names = environment.getOrDefault("LISTEN_FDNAMES", "").split(":");
		List<PassedSocket> sockets = new ArrayList<>();
		for (int i = 0; i < number; i++) {
			sockets.add(PassedSocket.of(firstDescriptor + i, (i < names.length) ? names[i] : "", scratch));
		}
		return new PassedSockets(sockets, null);
	}

	private static int number(String count) {
		try {
			int number = Integer.parseInt(count);
			return (number <= MOST) ? number : -1;
		}
		catch (NumberFormatException ex) {
			return -1;
		}
	}

	/**
	 * Take the socket that is meant for a listener: the one with its name, else the first
	 * whose name is not a listener's.
	 * @param listener the listener's name
	 * @param address the address that was asked for
	 * @return the socket, owned by the caller, or {@code null} if there is none
	 * @throws ListenException if what was passed is not a listening TCP socket
	 */
	public @Nullable ListeningSocket take(String listener, InetSocketAddress address) throws ListenException {
		PassedSocket socket = first((passed) -> passed.name().equals(listener))
			.or(() -> first((passed) -> !LISTENER_NAME.matcher(passed.name()).matches()))
			.orElse(null);
		if (socket == null) {
			return null;
		}
		this.left.remove(socket);
		if (socket.failure() != null) {
			throw new ListenException(listener, address, ListenException.Reason.UNUSABLE_PASSED_SOCKET,
					socket.failure());
		}
		return socket.socket();
	}

	private Optional<PassedSocket> first(Predicate<PassedSocket> wanted) {
		return this.left.stream().filter(wanted).findFirst();
	}

	/**
	 * Return why no socket can be used.
	 * @return what the operator is to be told, or {@code null} if nothing is wrong
	 */
	public @Nullable String problem() {
		return this.problem;
	}

	/**
	 * Return the sockets that no listener has taken: their clients are not served.
	 * @return a text for each that has not been returned before
	 */
	public List<String> unused() {
		if (this.unusedTold) {
			return List.of();
		}
		this.unusedTold = true;
		return this.left.stream().map(PassedSocket::description).toList();
	}

	/**
	 * A socket that has not been taken.
	 *
	 * @param descriptor the number that it was passed with
	 * @param name the name that it was passed with, may be empty
	 * @param socket the socket if it can be used
	 * @param failure why it cannot be used, if so
	 */
	private record PassedSocket(int descriptor, String name, @Nullable ListeningSocket socket,
			@Nullable IOException failure) {

		private String description() {
			return "'" + this.name + "' (descriptor " + this.descriptor + ")";
		}

		static PassedSocket of(int descriptor, String name, Path scratch) {
			try {
				return new PassedSocket(descriptor, name, ListeningSocket.passed(descriptor, scratch), null);
			}
			catch (IOException ex) {
				return new PassedSocket(descriptor, name, null, ex);
			}
		}

	}

}
