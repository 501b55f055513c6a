package io.github.clusterboot.bootstrap;

import java.util.List;

import org.junit.jupiter.api.Test;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.support.SpringFactoriesLoader;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MasterCandidateWebApplicationTypeDeducer}.
 */
class MasterCandidateWebApplicationTypeDeducerTests {

	private final List<WebApplicationType.Deducer> deducers = SpringFactoriesLoader.forDefaultResourceLocation()
		.load(WebApplicationType.Deducer.class);

	@Test
	void loadWhenByFactoriesComesFirst() {
		assertThat(this.deducers.get(0)).isInstanceOf(MasterCandidateWebApplicationTypeDeducer.class);
	}

	@Test
	void deduceWebApplicationTypeWhenUnderTestLeavesItToTheOthers() {
		assertThat(new MasterCandidateWebApplicationTypeDeducer().deduceWebApplicationType()).isNull();
	}

	@Test
	void deduceWhenServletApplicationAgreesWithSpringBoot() {
		assertThat(MasterCandidateWebApplicationTypeDeducer.deduce(this.deducers, ClassPath.ofCurrentThread()))
			.isEqualTo(WebApplicationType.SERVLET)
			.isEqualTo(WebApplicationType.deduce());
	}

	@Test
	void deduceWhenSpringMvcIsMissingAgreesWithSpringBoot() {
		FilteredClassLoader classLoader = without("org/springframework/web/servlet/DispatcherServlet.class");
		assertThat(MasterCandidateWebApplicationTypeDeducer.deduce(this.deducers, new ClassPath(classLoader)))
			.isEqualTo(WebApplicationType.SERVLET);
	}

	@Test
	void deduceWhenServletApiIsMissingIsNone() {
		FilteredClassLoader classLoader = without("jakarta/servlet/Servlet.class");
		assertThat(MasterCandidateWebApplicationTypeDeducer.deduce(this.deducers, new ClassPath(classLoader)))
			.isEqualTo(WebApplicationType.NONE);
	}

	@Test
	void deduceWhenThereIsAnUnknownDeducerLeavesItToTheOthers() {
		List<WebApplicationType.Deducer> unknown = List.of(() -> WebApplicationType.REACTIVE);
		assertThat(MasterCandidateWebApplicationTypeDeducer.deduce(unknown, ClassPath.ofCurrentThread())).isNull();
	}

	private FilteredClassLoader without(String resource) {
		return new FilteredClassLoader(new ClassPathResource(resource),
				new ClassPathResource("org/springframework/web/reactive/DispatcherHandler.class"));
	}

}
