package io.github.clusterboot.bootstrap;

import org.junit.jupiter.api.Test;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.core.io.support.SpringFactoriesLoader.FailureHandler;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ClusterStartFailureAnalyzer}.
 */
class ClusterStartFailureAnalyzerTests {

	@Test
	void analyzeWhenClusterCannotStartReportsDescriptionAndAction() {
		ClusterStartException failure = new ClusterStartException("It is broken", "Mend it.", null);
		FailureAnalysis analysis = new ClusterStartFailureAnalyzer().analyze(new IllegalStateException(failure));
		assertThat(analysis).isNotNull();
		assertThat(analysis.getDescription()).isEqualTo("It is broken");
		assertThat(analysis.getAction()).isEqualTo("Mend it.");
		assertThat(analysis.getCause()).isSameAs(failure);
	}

	@Test
	void loadWhenThereIsNoContextIsAvailable() {
		FailureHandler ignore = (factoryType, factoryName, failure) -> {
		};
		assertThat(SpringFactoriesLoader.forDefaultResourceLocation().load(FailureAnalyzer.class, ignore))
			.hasAtLeastOneElementOfType(ClusterStartFailureAnalyzer.class);
	}

}
