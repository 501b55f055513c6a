package io.github.clusterboot.it;

import java.time.Duration;

import io.github.clusterboot.it.load.LoadResult;
import io.github.clusterboot.it.load.RunningLoad;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The master is started with a listening socket, by a process that holds the socket and
 * starts the application again whenever it ends, as a service manager does. Covers row P7
 * of the conformance list.
 */
@Tag("alone")
class SocketActivationIT {

	private static final int WORKERS = 2;

	private static final int REQUESTS = 3_000;

	/**
	 * Listens on a port that the system chooses, and passes the socket as descriptor 3.
	 * Forwards {@code TERM} and ends with the application then.
	 */
	private static final String HOLDER = """
			use strict;
			use Errno;
			use POSIX;
			use Socket;
			$^F = 100; # descriptors up to this one are not closed by exec
			socket(my $socket, AF_INET, SOCK_STREAM, 0) or die $!;
			bind($socket, pack_sockaddr_in(0, INADDR_LOOPBACK)) or die $!;
			listen($socket, 1024) or die $!;
			my ($ends, $child) = (0, 0);
			$SIG{TERM} = sub { $ends = 1; kill('TERM', $child) if $child };
			do {
				$child = fork() // die $!;
				if ($child == 0) {
					$SIG{TERM} = 'DEFAULT';
					POSIX::dup2(fileno($socket), 3) if fileno($socket) != 3;
					@ENV{'LISTEN_PID', 'LISTEN_FDS'} = ($$, 1);
					exec(@ARGV) or die $!;
				}
				1 while waitpid($child, 0) < 0 && $!{EINTR};
			} until $ends;
			exit($? >> 8);
			""";

	@RegisterExtension
	private final ClusterExtension cluster = new ClusterExtension();

	@Test
	void restartOfTheWholeClusterWhenSocketIsPassedLosesNoRequest() {
		ClusterApplication application = this.cluster.application()
			.through("perl", "-e", HOLDER)
			.recordingTestApp(TestServer.TOMCAT.jar())
			.workers(WORKERS)
			.start();
		ClusterReport before = application.awaitReady(WORKERS);
		assertThat(before.listeners()).singleElement().satisfies((listener) -> {
			assertThat(listener.address()).isEqualTo("127.0.0.1");
			assertThat(listener.port()).isEqualTo(application.port());
		});
		try (RunningLoad load = application.load().mixedClients().timeout(Duration.ofSeconds(30)).start()) {
			load.awaitTotal(REQUESTS / 3);
			Signals.send("TERM", before.master().pid());
			ClusterReport after = application.awaitReport("the next master's workers",
					(report) -> report.master().pid() != before.master().pid() && report.size().ready() == WORKERS);
			assertThat(after.listeners()).singleElement()
				.satisfies((listener) -> assertThat(listener.port()).isEqualTo(application.port()));
			load.awaitTotal(REQUESTS);
			LoadResult result = load.stop();
			System.out.println("A restart of the whole cluster behind a passed socket:\n\n" + result);
			result.assertNothingLost();
		}
	}

}
