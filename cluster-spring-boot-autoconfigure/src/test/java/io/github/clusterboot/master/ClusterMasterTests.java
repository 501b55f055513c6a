package io.github.clusterboot.master;

import java.time.Duration;

import io.github.clusterboot.Scheduling;
import io.github.clusterboot.master.loop.MasterLog;
import io.github.clusterboot.master.supervise.MasterSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ClusterMaster} that need no worker.
 */
@ExtendWith(OutputCaptureExtension.class)
class ClusterMasterTests {

	@ParameterizedTest
	@EnumSource(Scheduling.class)
	void usableWhenKernelRunsPacketFiltersIsEverything(Scheduling scheduling) {
		MasterSettings settings = settings(scheduling);
		assertThat(ClusterMaster.usable(settings, true)).isSameAs(settings);
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "REUSE_PORT")
	void usableWhenKernelRunsNoPacketFiltersIsAllButReusePort(Scheduling scheduling) {
		MasterSettings settings = settings(scheduling);
		assertThat(ClusterMaster.usable(settings, false)).isSameAs(settings);
	}

	@Test
	void usableWhenKernelRunsNoPacketFiltersAndReusePortIsRoundRobinWithWarning(CapturedOutput output) {
		assertThat(ClusterMaster.usable(settings(Scheduling.REUSE_PORT), false))
			.isEqualTo(settings(Scheduling.ROUND_ROBIN));
		MasterLog.flush();
		assertThat(output.getOut() + output.getErr()).containsOnlyOnce("'cluster.scheduling=reuse-port'");
	}

	private static MasterSettings settings(Scheduling scheduling) {
		Duration timeout = Duration.ofSeconds(30);
		return new MasterSettings(new MasterSettings.Size(2, true, true, 1), scheduling, 1024, timeout, timeout,
				timeout, timeout, new MasterSettings.Restart(timeout, 2, timeout, timeout),
				MasterSettings.Recycling.NONE);
	}

}
