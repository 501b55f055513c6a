package io.github.clusterboot.master.loop;

import java.io.IOException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Steps}.
 */
class StepsTests {

	@Test
	void takeWhenTheStepSucceedsSaysSo() {
		assertThat(Steps.take("succeed", () -> {
		})).isTrue();
	}

	/**
	 * Fault F7.
	 */
	@ParameterizedTest
	@MethodSource("failures")
	void takeWhenTheStepFailsDoesNotThrow(Throwable failure) {
		assertThat(Steps.take("fail", () -> StepsTests.<RuntimeException>fail(failure))).isFalse();
	}

	static Throwable[] failures() {
		return new Throwable[] { new IllegalStateException("state"), new IOException("file"),
				new InternalError("a fault occurred in a recent unsafe memory access operation"),
				new OutOfMemoryError("unable to create native thread"), new NoClassDefFoundError("a class"),
				new StackOverflowError() };
	}

	@SuppressWarnings("unchecked")
	private static <T extends Throwable> void fail(Throwable failure) throws T {
		throw (T) failure;
	}

}
