package io.github.clusterboot.bootstrap;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.WebApplicationType;
import org.springframework.core.Ordered;
import org.springframework.core.io.support.SpringFactoriesLoader;

/**
 * Deduces the web application type as Spring Boot does, but without loading the classes
 * that tell it, in a JVM that may become a master.
 */
final class MasterCandidateWebApplicationTypeDeducer implements WebApplicationType.Deducer, Ordered {

	private static final List<String> SERVLET_INDICATORS = List.of("jakarta.servlet.Servlet",
			"org.springframework.web.context.ConfigurableWebApplicationContext");

	/**
	 * What the deducers of Spring Boot 4 look for, by their names.
	 */
	private static final Map<String, Rule> RULES = Map.of(
			"org.springframework.boot.webmvc.WebMvcWebApplicationTypeDeducer",
			new Rule(WebApplicationType.SERVLET,
					List.of("jakarta.servlet.Servlet", "org.springframework.web.servlet.DispatcherServlet",
							"org.springframework.web.context.ConfigurableWebApplicationContext")),
			"org.springframework.boot.webflux.WebFluxWebApplicationTypeDeducer", new Rule(WebApplicationType.REACTIVE,
					List.of("reactor.core.publisher.Mono", "org.springframework.web.reactive.DispatcherHandler")));

	@Override
	public int getOrder() {
		return HIGHEST_PRECEDENCE;
	}

	@Override
	public @Nullable WebApplicationType deduceWebApplicationType() {
		if (!MasterCandidate.ofCurrentThread().isEligibleBeforeRun()) {
			return null;
		}
		return deduce(SpringFactoriesLoader.forDefaultResourceLocation().load(WebApplicationType.Deducer.class),
				ClassPath.ofCurrentThread());
	}

	/**
	 * Deduce the type as the given deducers would.
	 * @param deducers all deducers, in their order
	 * @param classPath where to look
	 * @return the type, or {@code null} if there is a deducer whose rule is not known
	 */
	static @Nullable WebApplicationType deduce(List<WebApplicationType.Deducer> deducers, ClassPath classPath) {
		for (WebApplicationType.Deducer deducer : deducers) {
			if (deducer instanceof MasterCandidateWebApplicationTypeDeducer) {
				continue;
			}
			Rule rule = RULES.get(deducer.getClass().getName());
			if (rule == null) {
				return null;
			}
			if (classPath.containsAll(rule.indicators())) {
				return rule.type();
			}
		}
		return classPath.containsAll(SERVLET_INDICATORS) ? WebApplicationType.SERVLET : WebApplicationType.NONE;
	}

	private record Rule(WebApplicationType type, List<String> indicators) {

	}

}
