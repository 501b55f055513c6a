package io.github.clusterboot.bootstrap;

import java.util.concurrent.atomic.AtomicBoolean;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.builder.ParentContextApplicationContextInitializer;

/**
 * Checks, in a worker, what the master could not know when it was the parent's turn: that
 * the child that follows serves. Otherwise each worker would run it, although one process
 * was meant.
 */
final class ExpectedChildren {

	static final ExpectedChildren OF_THIS_JVM = new ExpectedChildren();

	private final AtomicBoolean expected = new AtomicBoolean();

	/**
	 * Take note that the parent is run.
	 */
	void expect() {
		this.expected.set(true);
	}

	/**
	 * Check an application that may be the child.
	 * @param application the application
	 * @param serves whether it serves
	 */
	void check(SpringApplication application, boolean serves) {
		if (isChild(application) && this.expected.compareAndSet(true, false) && !serves) {
			throw new ClusterStartException("""
					The application is a child without a web server, so a worker has nothing to serve. The cluster was \
					started since the class path has a web server and, as far as the parent's properties tell, the \
					child would have used it.""",
					"""
							Set 'cluster.enabled' to false to run the application in one process, 'cluster.non-web' to true if \
							it is to run as a cluster without a web server, or 'spring.main.web-application-type' to none where \
							the parent and the child read it.""",
					null);
		}
	}

	private static boolean isChild(SpringApplication application) {
		return application.getInitializers()
			.stream()
			.anyMatch(ParentContextApplicationContextInitializer.class::isInstance);
	}

}
