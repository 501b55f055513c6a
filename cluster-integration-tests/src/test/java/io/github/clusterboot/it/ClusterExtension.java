package io.github.clusterboot.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.extension.AfterEachCallback;
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
 */
final class ClusterExtension implements BeforeEachCallback, AfterEachCallback {

	private static final Map<Path, AtomicInteger> logNumbers = new ConcurrentHashMap<>();

	private final List<ClusterApplication> applications = new ArrayList<>();

	private Path logPrefix = ItSettings.directory();

	@Override
	public void beforeEach(ExtensionContext context) throws IOException {
		Path directory = ItSettings.directory().resolve(context.getRequiredTestClass().getSimpleName());
		Files.createDirectories(directory);
		this.logPrefix = directory.resolve(context.getRequiredTestMethod().getName());
	}

	/**
	 * Return a builder of an application that this extension stops.
	 * @return the builder
	 */
	ClusterApplicationBuilder application() {
		return new ClusterApplicationBuilder(nextLog(), this.applications::add);
	}

	private Path nextLog() {
		int number = logNumbers.computeIfAbsent(this.logPrefix, (prefix) -> new AtomicInteger()).incrementAndGet();
		return this.logPrefix.resolveSibling(this.logPrefix.getFileName() + "-" + number + ".log");
	}

	@Override
	public void afterEach(ExtensionContext context) {
		List<String> problems = new ArrayList<>();
		for (ClusterApplication application : this.applications) {
			List<String> ofApplication = new Teardown(application).run();
			if (!ofApplication.isEmpty() || context.getExecutionException().isPresent()) {
				System.err.println(application.describe());
			}
			problems.addAll(ofApplication);
		}
		Assert.state(problems.isEmpty(), () -> "Left after the test:\n" + String.join("\n", problems));
	}

}
