package io.github.clusterboot.it;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.github.clusterboot.it.load.LoadResult;
import io.github.clusterboot.it.load.RunningLoad;
import io.github.clusterboot.it.load.Traffic;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * With devtools on the class path a class that changes restarts the contexts, and nothing
 * else.
 */
class DevtoolsIT {

	private static final String GREETING = """
			@org.springframework.web.bind.annotation.RestController
			class Greeting {

				@org.springframework.web.bind.annotation.GetMapping("/greeting")
				String greet(jakarta.servlet.http.HttpSession session) {
					if (session.isNew()) {
						session.setAttribute("first", "%1$s");
					}
					return "%1$s after " + session.getAttribute("first");
				}

			}
			""";

	/**
	 * The folder of {@link org.springframework.boot.system.ApplicationTemp}, in which the
	 * sessions are.
	 */
	private static final String APPLICATION_TEMP = "[0-9A-F]{40}";

	@RegisterExtension
	private final ClusterExtension cluster = new ClusterExtension();

	@Test
	@Tag("alone")
	void changeOfClassWhenUnderLoadRestartsContextsAndLosesNoRequest() {
		DevelopedSample sample = sample("change");
		sample.compile("Greeting", GREETING.formatted("Hello"));
		ClusterApplication application = start(sample);
		ClusterReport before = application.awaitReady(2);
		Map<Integer, HttpAnswer> greetings = awaitGreetings(application, "Hello after Hello", Map.of());
		try (RunningLoad load = application.load()
			.clients(Traffic.NEW_CONNECTION, 4)
			.clients(Traffic.KEPT_ALIVE, 4)
			.timeout(Duration.ofSeconds(30))
			.start()) {
			load.awaitFurther(100);
			sample.compile("Greeting", GREETING.formatted("Good morning"));
			awaitGreetings(application, "Good morning after Hello", greetings);
			load.awaitFurther(100);
			LoadResult result = load.stop();
			assertThat(result.failed()).as(result.toString()).isEmpty();
		}
		ClusterReport after = application.awaitReady(2);
		assertThat(after.workers()).extracting(ClusterReport.WorkerReport::pid)
			.containsExactlyElementsOf(before.workers().stream().map(ClusterReport.WorkerReport::pid).toList());
		assertThat(after.generation()).isEqualTo(before.generation());
		assertThat(after.restarts()).isEqualTo(before.restarts());
		assertThat(after.master()).isEqualTo(before.master());
		assertThat(application.output()).containsOnlyOnce("Cluster master (pid " + application.pid() + ") starts");
		assertOnlyWorkersWatchClasses(application);
	}

	@Test
	void startWhenLibraryIsFolderStartsWorkers() {
		ClusterApplication application = start(sample("folder").withLibraryAsFolder());
		application.awaitReady(2);
		assertOnlyWorkersWatchClasses(application);
	}

	private static DevelopedSample sample(String name) {
		return DevelopedSample.in(ItSettings.directory().resolve("DevtoolsIT").resolve(name));
	}

	private ClusterApplication start(DevelopedSample sample) {
		return this.cluster.application()
			.developedSample(sample)
			.workers(2)
			.args("--spring.devtools.restart.poll-interval=200ms", "--spring.devtools.restart.quiet-period=100ms")
			.mayLeave(APPLICATION_TEMP)
			.start();
	}

	/**
	 * Wait until each worker has answered, in the session that it has given the client
	 * before.
	 * @param application the application
	 * @param greeting what each is to answer
	 * @param before an answer of each worker by its id, or none for new sessions
	 * @return an answer of each worker by its id
	 */
	private static Map<Integer, HttpAnswer> awaitGreetings(ClusterApplication application, String greeting,
			Map<Integer, HttpAnswer> before) {
		Map<Integer, HttpAnswer> greetings = new TreeMap<>();
		List<Integer> ids = before.isEmpty() ? List.of(0) : List.copyOf(before.keySet());
		application.await("'" + greeting + "' from both workers").until(() -> {
			for (int id : ids) {
				HttpAnswer answer = greet(application, before.get(id));
				if (answer.isOk() && answer.text().equals(greeting)) {
					greetings.put(answer.workerId(), answer);
				}
			}
			return greetings.size() == 2;
		});
		return greetings;
	}

	private static HttpAnswer greet(ClusterApplication application, HttpAnswer before) throws IOException {
		Map<String, String> headers = (before != null)
				? Map.of("Cookie", before.headers().get("Set-Cookie").split(";")[0]) : Map.of();
		try (HttpConnection connection = application.probe().connect()) {
			connection.send("GET", "/greeting", headers, new byte[0]);
			return connection.receive();
		}
	}

	private static void assertOnlyWorkersWatchClasses(ClusterApplication application) {
		assertThat(threads(application.pid())).doesNotContain("File Watcher");
		assertThat(application.workerPids()).hasSize(2)
			.allSatisfy((pid) -> assertThat(threads(pid)).contains("File Watcher"));
	}

	private static String threads(long pid) {
		return JdkCommand.jcmd(pid, "Thread.print");
	}

}
