package io.github.clusterboot.master.loop;

import io.netty.util.internal.logging.InternalLogLevel;
import io.netty.util.internal.logging.InternalLogger;
import org.apache.commons.logging.Log;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link NettyLogFactory}.
 */
class NettyLogFactoryTests {

	private final Log log = mock(Log.class);

	private final InternalLogger logger = NettyLogFactory.loggerOf("a.Name", this.log);

	private final Exception failure = new IllegalStateException("broken");

	@BeforeEach
	void enable() {
		given(this.log.isWarnEnabled()).willReturn(true);
		given(this.log.isErrorEnabled()).willReturn(true);
	}

	@Test
	void logFillsThePlaceholders() {
		this.logger.warn("{} of {}: {}", 1, "two", "{}");
		then(this.log).should().warn("1 of two: {}", null);
		this.logger.warn("{} and {}", 1, 2);
		then(this.log).should().warn("1 and 2", null);
		this.logger.error("only {}", "one");
		then(this.log).should().error("only one", null);
		this.logger.log(InternalLogLevel.ERROR, "level {}", "four");
		then(this.log).should().error("level four", null);
	}

	@Test
	void logPassesTheFailureOn() {
		this.logger.warn("It is", this.failure);
		then(this.log).should().warn("It is", this.failure);
		this.logger.warn("{} is", "It still", this.failure);
		then(this.log).should().warn("It still is", this.failure);
		this.logger.error(this.failure);
		then(this.log).should().error(this.failure.toString(), this.failure);
	}

	@Test
	void logWhenTheLevelIsOffDoesNothing() {
		this.logger.debug("nobody", this.failure);
		then(this.log).should().isDebugEnabled();
		then(this.log).shouldHaveNoMoreInteractions();
	}

	@Test
	void levelsAreThoseOfTheLog() {
		assertThat(this.logger.isWarnEnabled()).isTrue();
		assertThat(this.logger.isTraceEnabled()).isFalse();
		assertThat(this.logger.isEnabled(InternalLogLevel.WARN)).isTrue();
		assertThat(this.logger.isEnabled(InternalLogLevel.INFO)).isFalse();
	}

	@Test
	void loggerHasItsNameAndIsEqualToItself() {
		assertThat(this.logger.name()).isEqualTo("a.Name");
		assertThat(this.logger).hasToString("a.Name").isEqualTo(this.logger).isNotEqualTo("a.Name");
		assertThat(this.logger.hashCode()).isEqualTo(System.identityHashCode(this.logger));
	}

}
