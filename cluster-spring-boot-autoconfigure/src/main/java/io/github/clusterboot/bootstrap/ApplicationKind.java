package io.github.clusterboot.bootstrap;

import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.io.support.SpringFactoriesLoader;

/**
 * What an application is, as far as it can be known when its environment is: whether it
 * has a web server.
 */
final class ApplicationKind {

	private static final String NO_WEB_APPLICATION = "the application is not a web application";

	private final SpringApplication application;

	private final ConfigurableEnvironment environment;

	private final ClassPath classPath;

	ApplicationKind(SpringApplication application, ConfigurableEnvironment environment, ClassPath classPath) {
		this.application = application;
		this.environment = environment;
		this.classPath = classPath;
	}

	/**
	 * Return why the application has no web server.
	 * @return a clause, or {@code null} if it has one
	 */
	@Nullable String serverAbsence() {
		return serverAbsence(Objects.requireNonNullElseGet(typeByProperty(),
				() -> orNone(this.application.getWebApplicationType())));
	}

	/**
	 * Return why no application of this process has a web server, unless its code says
	 * otherwise.
	 * @return a clause, or {@code null} if it has one
	 */
	@Nullable String serverAbsenceByDefault() {
		return serverAbsence(Objects.requireNonNullElseGet(typeByProperty(), this::typeByClassPath));
	}

	private @Nullable String serverAbsence(WebApplicationType type) {
		if (type == WebApplicationType.NONE) {
			return NO_WEB_APPLICATION;
		}
		return isPortNegative() ? "'server.port' is negative, so the application opens no port" : null;
	}

	/**
	 * {@code spring.main.*} has not been bound to the application yet.
	 */
	private @Nullable WebApplicationType typeByProperty() {
		return bind("spring.main.web-application-type", WebApplicationType.class);
	}

	private WebApplicationType typeByClassPath() {
		WebApplicationType type = MasterCandidateWebApplicationTypeDeducer.deduce(deducers(), this.classPath);
		return (type != null) ? type : orNone(WebApplicationType.deduce());
	}

	private static List<WebApplicationType.Deducer> deducers() {
		return SpringFactoriesLoader.forDefaultResourceLocation().load(WebApplicationType.Deducer.class);
	}

	private static WebApplicationType orNone(@Nullable WebApplicationType type) {
		return (type != null) ? type : WebApplicationType.NONE;
	}

	/**
	 * For Spring Boot's servers a negative port means not to listen.
	 */
	private boolean isPortNegative() {
		Integer port = bind("server.port", Integer.class);
		return port != null && port < 0;
	}

	/**
	 * For a value that cannot be used Spring Boot fails in its own words.
	 */
	private <T> @Nullable T bind(String name, Class<T> type) {
		try {
			return Binder.get(this.environment).bind(name, type).orElse(null);
		}
		catch (BindException ex) {
			return null;
		}
	}

}
