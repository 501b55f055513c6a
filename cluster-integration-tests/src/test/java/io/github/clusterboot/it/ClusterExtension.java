package io.github.clusterboot.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

import org.springframework.util.Assert;

/**
 * Starts applications for a test. After the test it stops them and fails where something
 * of them is left:
 *
 * <pre class="code">
 * &#64;RegisterExtension
 * private final ClusterExtension cluster = new ClusterExtension();
 *
 * &#64;Test
 * void startWhenTwoWorkersAnswers() {
 *     ClusterApplication application = this.cluster.application().workers(2).start();
 *     application.awaitReady(2);
 *     ...
 * }
 * </pre>
 *
 * In a {@code static} field it serves the whole class: applications are started in a
 * {@code @BeforeAll} method and stopped after the last test.
 */
final class ClusterExtension implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {

	private static final Map<Path, AtomicInteger> logNumbers = new ConcurrentHashMap<>();

	private final Deque<ClusterApplication> applications = new ArrayDeque<>();

	private Path logPrefix = ItSettings.directory();

	private boolean servesClass;

	@Override
	public void beforeAll(ExtensionContext context) throws IOException {
		this.servesClass = true;
		logTo(context, "all");
	}

	@Override
	public void beforeEach(ExtensionContext context) throws IOException {
		if (!this.servesClass) {
			logTo(context, context.getRequiredTestMethod().getName());
		}
	}

	private void logTo(ExtensionContext context, String name) throws IOException {
		Path directory = ItSettings.directory().resolve(context.getRequiredTestClass().getSimpleName());
		Files.createDirectories(directory);
		this.logPrefix = directory.resolve(name);
	}

	/**
	 * Return a builder of an application that this extension stops.
	 * @return the builder
	 */
	ClusterApplicationBuilder application() {
		return new ClusterApplicationBuilder(nextLog(), this.applications::push);
	}

	private Path nextLog() {
		int number = logNumbers.computeIfAbsent(this.logPrefix, (prefix) -> new AtomicInteger()).incrementAndGet();
		return this.logPrefix.resolveSibling(this.logPrefix.getFileName() + "-" + number + ".log");
	}

	@Override
	public void afterEach(ExtensionContext context) {
		if (context.getExecutionException().isPresent()) {
			this.applications.forEach((application) -> System.err.println(application.describe()));
		}
		if (!this.servesClass) {
			tearDown();
		}
	}

	@Override
	public void afterAll(ExtensionContext context) {
		tearDown();
	}

	private void tearDown() {
		List<String> problems = new ArrayList<>();
		for (ClusterApplication application : this.applications) {
			List<String> ofApplication = new Teardown(application).run();
			if (!ofApplication.isEmpty()) {
				System.err.println(application.describe());
			}
			problems.addAll(ofApplication);
		}
		this.applications.clear();
		Assert.state(problems.isEmpty(), () -> "Left after the test:\n" + String.join("\n", problems));
	}

}
