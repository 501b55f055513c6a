package io.github.clusterboot.master.supervise;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link StartDiagnosis}. Fault A9.
 */
class StartDiagnosisTests {

	private final StartDiagnosis diagnosis = new StartDiagnosis();

	@Test
	void failedWhenTheSameReasonComesOftenEnoughIsDiagnosed() {
		assertThat(this.diagnosis.failed("Port 9090 is in use by process 12", true)).isFalse();
		assertThat(this.diagnosis.failed("Port 9090 is in use by process 13", true)).isFalse();
		assertThat(this.diagnosis.isMade()).isFalse();
		assertThat(this.diagnosis.failed("Port 9090 is in use by process 14", true)).isFalse();
		assertThat(this.diagnosis.isMade()).isTrue();
		assertThat(this.diagnosis.failed("Port 9090 is in use by process 15", true)).isTrue();
	}

	@Test
	void failedWhenTheReasonChangesBeginsAnew() {
		failTimes(StartDiagnosis.FAILURES, "locked");
		assertThat(this.diagnosis.failed("out of memory", true)).isFalse();
		assertThat(this.diagnosis.isMade()).isFalse();
	}

	@Test
	void failedWhenNobodyServesIsNotDiagnosed() {
		for (int i = 0; i < 2 * StartDiagnosis.FAILURES; i++) {
			assertThat(this.diagnosis.failed("locked", false)).isFalse();
		}
		assertThat(this.diagnosis.isMade()).isFalse();
	}

	@Test
	void failedWhenTheReasonIsNotKnownIsNotDiagnosed() {
		failTimes(2 * StartDiagnosis.FAILURES, "");
		assertThat(this.diagnosis.isMade()).isFalse();
		failTimes(2 * StartDiagnosis.FAILURES, null);
		assertThat(this.diagnosis.isMade()).isFalse();
	}

	@Test
	void succeededEndsTheDiagnosis() {
		failTimes(StartDiagnosis.FAILURES, "locked");
		this.diagnosis.succeeded();
		assertThat(this.diagnosis.isMade()).isFalse();
		assertThat(this.diagnosis.failed("locked", true)).isFalse();
	}

	private void failTimes(int times, @Nullable String reason) {
		for (int i = 0; i < times; i++) {
			this.diagnosis.failed(reason, true);
		}
	}

}
