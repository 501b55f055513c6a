package io.github.clusterboot.it;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ClusterApplication}, on which all others rely.
 */
@Tag("one-jdk")
class ClusterApplicationIT {

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
			Listening on port 18081 ('management', backlog 100)  | 0
			Listening on port 18080 ('server', backlog 100)      | 18080
			Tomcat started on port 18080 (http) with context     | 18080
			Tomcat started on ports 18080 (http), 18443 (https)  | 18080
			Netty started on port 18080 (http)                   | 18080
			no port                                              | 0
			""")
	void portInIsThatOfTheApplication(String output, int port) {
		assertThat(ClusterApplication.portIn(output)).isEqualTo(port);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
			Listening on port 18081 ('management'|Listening on port 18080 ('server'
			Listening on port 18080 ('server'|Listening on port 18081 ('management'
			""")
	void portInWhenThereAreTwoListenersIsTheServers(String first, String second) {
		assertThat(ClusterApplication.portIn(first + "\n" + second)).isEqualTo(18080);
	}

}
