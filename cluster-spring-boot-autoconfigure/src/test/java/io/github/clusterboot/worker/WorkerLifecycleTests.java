package io.github.clusterboot.worker;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.support.GenericApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.willThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;

/**
 * Tests for {@link WorkerLifecycle}.
 */
@Timeout(30)
class WorkerLifecycleTests {

	private final MasterLink link = mock(MasterLink.class);

	private final WorkerShutdown shutdown = mock(WorkerShutdown.class);

	/**
	 * A phase takes ten seconds by default.
	 */
	@Test
	void closeWhenRequestsOutliveTheDrainDestroysBeansInTime() throws InterruptedException {
		given(this.link.shutdown()).willReturn(this.shutdown);
		given(this.shutdown.drain()).willReturn(Duration.ofSeconds(2));
		willThrow(new InterruptedException()).given(this.link).nextEvent();
		AtomicBoolean destroyed = new AtomicBoolean();
		GenericApplicationContext context = new GenericApplicationContext();
		context.registerBean(DisposableBean.class, () -> () -> destroyed.set(true));
		context.registerBean(SmartLifecycle.class, NeverStops::new);
		context.addApplicationListener(new WorkerLifecycle(this.link, context));
		context.refresh();
		long start = System.nanoTime();
		context.close();
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofMillis(900),
				Duration.ofSeconds(2));
		assertThat(destroyed).isTrue();
		verify(this.shutdown).giveUpClaim(context);
	}

	/**
	 * Stops like Spring Boot's graceful shutdown, by a callback when it is done.
	 */
	private static final class NeverStops implements SmartLifecycle {

		private volatile boolean running;

		@Override
		public void start() {
			this.running = true;
		}

		@Override
		public void stop() {
		}

		@Override
		public void stop(Runnable callback) {
		}

		@Override
		public boolean isRunning() {
			return this.running;
		}

	}

}
