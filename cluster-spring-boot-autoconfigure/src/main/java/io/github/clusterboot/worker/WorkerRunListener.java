package io.github.clusterboot.worker;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Collectors;

import io.github.clusterboot.WorkerIdentity;
import io.github.clusterboot.ipc.RunDirectory;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringApplicationRunListener;
import org.springframework.boot.bootstrap.ConfigurableBootstrapContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.Ordered;

/**
 * Links a worker to its master as soon as its application starts, and makes the
 * {@link MasterLink} a bean of every application in this JVM. Does nothing if this
 * process is not a worker. The bean has no definition, so an application that was
 * processed ahead of time, in a process that is not a worker, behaves the same.
 */
public final class WorkerRunListener implements SpringApplicationRunListener, Ordered {

	private static final int LONGEST_REASON = 500;

	private static @Nullable MasterLink link;

	/**
	 * Create a listener, with the parameters that {@link SpringApplicationRunListener}
	 * requires.
	 * @param application the application
	 * @param arguments its arguments
	 */
	public WorkerRunListener(SpringApplication application, String[] arguments) {
	}

	@Override
	public void starting(ConfigurableBootstrapContext bootstrapContext) {
		String directory = System.getProperty(RunDirectory.PROPERTY);
		if (directory != null) {
			linkOnce(new RunDirectory(Path.of(directory)));
		}
	}

	private static synchronized void linkOnce(RunDirectory directory) {
		if (link == null) {
			WorkerSignals.leaveToMaster();
			WorkerIdentity identity = WorkerIdentity.ofThisProcess();
			try {
				link = MasterLink.connect(directory, identity);
			}
			catch (IOException ex) {
				throw new IllegalStateException(identity + " cannot connect to its master", ex);
			}
			Heartbeat.start(link.figures());
			WorkerSignals.onTerminate(link.shutdown()::terminated);
		}
	}

	@Override
	public void contextPrepared(ConfigurableApplicationContext context) {
		MasterLink current = link();
		if (current != null) {
			context.getBeanFactory().registerSingleton("clusterBootMasterLink", current);
		}
	}

	@Override
	public void failed(@Nullable ConfigurableApplicationContext context, Throwable exception) {
		MasterLink current = link();
		if (current != null) {
			current.startFailed(rootCauseOf(exception));
			if (context != null) {
				current.shutdown().giveUpClaim(context);
			}
		}
	}

	private static String rootCauseOf(Throwable exception) {
		Throwable cause = NestedExceptionUtils.getMostSpecificCause(exception);
		String text = cause.getClass().getName() + ": " + cause.getMessage();
		String line = text.lines().map(String::strip).collect(Collectors.joining(" "));
		return line.substring(0, Math.min(line.length(), LONGEST_REASON));
	}

	/**
	 * Return the link to the master.
	 * @return the link, or {@code null} if this process is not a worker
	 */
	static synchronized @Nullable MasterLink link() {
		return link;
	}

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

}
