package io.github.clusterboot.launch;

import java.util.List;

import io.github.clusterboot.jvm.TestJvm;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link NativeHeap}.
 */
class NativeHeapTests {

	@Test
	void ofLetsTheJvmGiveMemoryBack() {
		assertThat(options(true, "-Xmx1g")).containsExactly("-XX:TrimNativeHeapInterval=10000");
	}

	@Test
	void ofWhenTheJvmCannotSetsNothing() {
		assertThat(options(false)).isEmpty();
	}

	@Test
	void ofWhenTheUserHasChosenLeavesIt() {
		assertThat(options(true, "-XX:TrimNativeHeapInterval=0")).isEmpty();
	}

	private static List<String> options(boolean trims, String... workerOptions) {
		return NativeHeap.of(new TestJvm().trimsNativeHeap(trims).get(), List.of(workerOptions)).options();
	}

}
