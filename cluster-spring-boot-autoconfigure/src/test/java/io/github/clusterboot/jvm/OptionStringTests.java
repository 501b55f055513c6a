package io.github.clusterboot.jvm;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link OptionString}.
 */
class OptionStringTests {

	@Test
	void parseWhenQuotedKeepsWhiteSpaceTogether() {
		assertThat(OptionString.parse(" -Da=1\t-Db='x  y'\"z\"  \"-Dc=it's\"\n''")).containsExactly("-Da=1",
				"-Db=x  yz", "-Dc=it's", "");
	}

	@Test
	void parseWhenBlankReturnsNothing() {
		assertThat(OptionString.parse("  ")).isEmpty();
	}

	@Test
	void formatWhenPlainQuotesNothing() {
		assertThat(OptionString.format(List.of("-Da=1", "-Xlog:gc*:file=gc.log")))
			.isEqualTo("-Da=1 -Xlog:gc*:file=gc.log");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "a b", "it's", "say \"hi\"", "'\"", "\"'\"' '", "a'b\"c'd\"e" })
	void formatWhenParsedAgainIsTheSame(String option) {
		assertThat(OptionString.parse(OptionString.format(List.of("-Da=1", option, "-Db=2")))).containsExactly("-Da=1",
				option, "-Db=2");
	}

}
