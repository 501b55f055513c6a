package io.github.clusterboot.bootstrap;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

import io.github.clusterboot.WorkerIdentity;
import org.jspecify.annotations.Nullable;

import org.springframework.core.NativeDetector;
import org.springframework.core.SpringProperties;

/**
 * Whether an application that is being started may make its JVM a master, by what is
 * known before its environment is.
 */
final class MasterCandidate {

	/**
	 * A JVM has one role for its whole life, so only its first application decides.
	 */
	private static final AtomicBoolean JVM_DECIDED = new AtomicBoolean();

	private final CallStack stack;

	private final Function<String, @Nullable String> properties;

	private final boolean nativeImage;

	private final AtomicBoolean decided;

	private final LaunchedProgram program;

	MasterCandidate(CallStack stack, Function<String, @Nullable String> properties, boolean nativeImage,
			AtomicBoolean decided, LaunchedProgram program) {
		this.stack = stack;
		this.properties = properties;
		this.nativeImage = nativeImage;
		this.decided = decided;
		this.program = program;
	}

	/**
	 * Return what the current thread is starting.
	 * @return the application of the current call of
	 * {@link org.springframework.boot.SpringApplication#run(String...)}, or the one that
	 * is being constructed
	 */
	static MasterCandidate ofCurrentThread() {
		return new MasterCandidate(CallStack.ofCurrentThread(), SpringProperties::getProperty,
				NativeDetector.inNativeImage(), JVM_DECIDED, LaunchedProgram.current());
	}

	/**
	 * Return whether the application is started in a worker.
	 * @return whether the process carries a worker's system properties
	 */
	boolean isWorker() {
		return isSet(WorkerIdentity.ID_PROPERTY) && isSet(WorkerIdentity.INDEX_PROPERTY)
				&& isSet(WorkerIdentity.GENERATION_PROPERTY);
	}

	/**
	 * Return whether the application runs inside another one's start, as the bootstrap
	 * contexts of Spring Cloud do.
	 * @return whether it does
	 */
	boolean isNested() {
		return this.stack.applicationRuns() > 1;
	}

	/**
	 * Return whether the application is only the parent of another one, which follows.
	 * @return whether it is
	 */
	boolean isParentOfAnother() {
		return this.stack.isParentOfAnother();
	}

	/**
	 * Return whether the JVM's one decision has been taken.
	 * @return whether it has
	 */
	boolean isDecided() {
		return this.decided.get();
	}

	/**
	 * Take the JVM's one decision.
	 * @return whether the decision is this application's
	 */
	boolean claimDecision() {
		return this.decided.compareAndSet(false, true);
	}

	/**
	 * Return what keeps the application from being one of a cluster.
	 * @return the obstacle, or {@code null} if the JVM was started for this application,
	 * to serve
	 */
	@Nullable Obstacle obstacle() {
		if (isAotProcessing()) {
			return Obstacle.expected("the application is processed ahead of time");
		}
		if (isTrainingRun()) {
			return Obstacle.expected("this run ends when the context has been refreshed");
		}
		if (this.stack.isUnderTest()) {
			return Obstacle.expected("the application is under test");
		}
		if (this.stack.isWarDeployment()) {
			return Obstacle.expected("the application is deployed to a servlet container");
		}
		if (this.nativeImage) {
			return Obstacle.surprising("the application is a native image",
					"Run it on a JVM, or set 'cluster.enabled' to false.");
		}
		return this.stack.beginsInMain() ? null : this.program.obstacle(this.stack);
	}

	/**
	 * Return whether the application that is being constructed may make its JVM a master.
	 * @return whether it may
	 */
	boolean isEligibleBeforeRun() {
		return isFirst(0);
	}

	/**
	 * Return whether the application that is being run, but has no environment yet, may
	 * make its JVM a master.
	 * @return whether it may
	 */
	boolean isEligibleBeforeEnvironment() {
		return isFirst(1) && !this.stack.isRestartedByDevtools();
	}

	private boolean isFirst(int applicationRuns) {
		return !isDecided() && !isWorker() && this.stack.applicationRuns() == applicationRuns && obstacle() == null;
	}

	private boolean isAotProcessing() {
		return Boolean.parseBoolean(this.properties.apply("spring.aot.processing")) || this.stack.isAotProcessing();
	}

	/**
	 * A JVM that ends, or is saved as an image, once the context has been refreshed.
	 */
	private boolean isTrainingRun() {
		return isSet("spring.context.exit") || isSet("spring.context.checkpoint");
	}

	private boolean isSet(String property) {
		return this.properties.apply(property) != null;
	}

}
