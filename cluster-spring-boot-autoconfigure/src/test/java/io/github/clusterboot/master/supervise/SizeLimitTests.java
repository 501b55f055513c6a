package io.github.clusterboot.master.supervise;

import io.github.clusterboot.ClusterView;
import io.github.clusterboot.master.loop.MasterLog;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SizeLimit}.
 */
@ExtendWith(OutputCaptureExtension.class)
class SizeLimitTests {

	private static final ClusterView.Limited ONE = new ClusterView.Limited(1, "the database is in memory");

	@AfterEach
	void awaitLog() {
		MasterLog.flush();
	}

	@Test
	void toldWhenNobodyHasChosenANumberLimitsAndWarnsOnce(CapturedOutput output) {
		SizeLimit limit = new SizeLimit(4, false);
		assertThat(limit.told(1, 4, ONE)).isOne();
		assertThat(limit.told(1, 1, ONE)).isOne();
		assertThat(limit.proven(2, 1)).isEqualTo(4);
		assertThat(limit.told(2, 4, ONE)).isOne();
		assertThat(limit.current()).isEqualTo(ONE);
		MasterLog.flush();
		assertThat(output).containsOnlyOnce("WARN")
			.contains("The database is in memory. The cluster keeps to 1 instead of 4")
			.contains("'cluster.workers' to a number");
	}

	@Test
	void toldWhenANumberHasBeenChosenWarnsOnly(CapturedOutput output) {
		SizeLimit limit = new SizeLimit(4, true);
		assertThat(limit.told(1, 4, ONE)).isEqualTo(4);
		assertThat(limit.told(1, 4, ONE)).isEqualTo(4);
		assertThat(limit.current()).isNull();
		MasterLog.flush();
		assertThat(output).containsOnlyOnce("WARN").contains("The cluster runs 4 workers as it is told");
	}

	@Test
	void toldWhenThereIsToBeNoOtherWorkerDoesNotWarn(CapturedOutput output) {
		assertThat(new SizeLimit(1, true).told(1, 1, ONE)).isOne();
		SizeLimit oneProcessor = new SizeLimit(1, false);
		assertThat(oneProcessor.told(1, 1, ONE)).isOne();
		assertThat(oneProcessor.current()).isEqualTo(ONE);
		MasterLog.flush();
		assertThat(output).doesNotContain("WARN");
	}

	@Test
	void toldWhenThereCannotBeAnyKeepsOne() {
		assertThat(new SizeLimit(4, false).told(1, 4, new ClusterView.Limited(0, "it is broken"))).isOne();
	}

	@Test
	void overruleEndsTheLimit() {
		SizeLimit limit = new SizeLimit(4, false);
		limit.told(1, 4, ONE);
		limit.overrule();
		assertThat(limit.current()).isNull();
		assertThat(limit.told(2, 3, ONE)).isEqualTo(3);
		assertThat(limit.proven(2, 3)).isEqualTo(3);
		assertThat(limit.current()).isNull();
	}

	/**
	 * The other workers start as soon as the first has been ready, long before its
	 * generation has proven itself.
	 */
	@Test
	void toldWhenNoEarlierGenerationHasBeenReadyLimitsAtOnce() {
		SizeLimit limit = new SizeLimit(4, false);
		limit.beginsWith(2);
		assertThat(limit.told(2, 4, ONE)).isOne();
		assertThat(limit.proven(2, 1)).isOne();
		assertThat(limit.current()).isEqualTo(ONE);
		assertThat(limit.proven(3, 1)).isEqualTo(4);
	}

	@Test
	void provenWhenTheGenerationHasToldOfALimitHeedsIt() {
		SizeLimit limit = new SizeLimit(4, false);
		assertThat(limit.told(2, 4, ONE)).isEqualTo(4);
		assertThat(limit.current()).isNull();
		assertThat(limit.proven(2, 4)).isOne();
		assertThat(limit.current()).isEqualTo(ONE);
	}

	@Test
	void provenWhenTheGenerationHasToldOfNoneEndsIt() {
		SizeLimit limit = new SizeLimit(4, false);
		limit.told(1, 4, ONE);
		assertThat(limit.proven(2, 1)).isEqualTo(4);
		assertThat(limit.current()).isNull();
	}

	@Test
	void toldByAGenerationThatIsRolledBackChangesNothing() {
		SizeLimit limit = new SizeLimit(4, false);
		assertThat(limit.told(2, 4, ONE)).isEqualTo(4);
		assertThat(limit.proven(3, 4)).isEqualTo(4);
		assertThat(limit.told(2, 4, ONE)).isEqualTo(4);
		assertThat(limit.current()).isNull();
	}

	/**
	 * A worker of the generation before may be slow to tell.
	 */
	@Test
	void toldByAnEarlierGenerationDoesNotHideWhatTheNewestTells() {
		SizeLimit limit = new SizeLimit(4, false);
		limit.told(2, 4, ONE);
		assertThat(limit.told(1, 4, new ClusterView.Limited(2, "it is slow"))).isEqualTo(2);
		assertThat(limit.proven(2, 2)).isOne();
		assertThat(limit.current()).isEqualTo(ONE);
	}

	@Test
	void toldWithoutAReasonLimitsToo() {
		assertThat(new SizeLimit(4, false).told(1, 4, new ClusterView.Limited(1, ""))).isOne();
	}

}
