package io.github.clusterboot.autoconfigure;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeansException;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.ConfigurationCondition;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.core.type.MethodMetadata;
import org.springframework.util.ClassUtils;

/**
 * Matches if no bean of another type is an endpoint with the same id as the one that the
 * annotated method creates. Spring Boot does not start with two of them, so the
 * application's own endpoint wins.
 */
final class OnUnusedEndpointIdCondition extends SpringBootCondition implements ConfigurationCondition {

	private static final Log logger = LogFactory.getLog(OnUnusedEndpointIdCondition.class);

	@Override
	public ConfigurationPhase getConfigurationPhase() {
		return ConfigurationPhase.REGISTER_BEAN;
	}

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		Class<?> type = ClassUtils.resolveClassName(((MethodMetadata) metadata).getReturnTypeName(),
				context.getClassLoader());
		EndpointId id = EndpointId.of(MergedAnnotations.from(type).get(Endpoint.class).getString("id"));
		ConditionMessage.Builder message = ConditionMessage.forCondition("Unused endpoint id", id);
		String other = findOther(context.getBeanFactory(), type, id);
		if (other == null) {
			return ConditionOutcome.match(message.because("no other endpoint has it"));
		}
		if (context.getEnvironment().getProperty("cluster.enabled", "true").equalsIgnoreCase("true")) {
			logger.warn(
					"The bean '%s' is the endpoint '%s', so that of the cluster is not available".formatted(other, id));
		}
		return ConditionOutcome.noMatch(message.because("bean '" + other + "' has it"));
	}

	private static @Nullable String findOther(@Nullable BeanFactory factory, Class<?> type, EndpointId id) {
		if (!(factory instanceof ConfigurableListableBeanFactory beans)) {
			return null;
		}
		for (String name : beans.getBeanDefinitionNames()) {
			Endpoint endpoint = findEndpoint(beans, name);
			if (endpoint != null && EndpointId.of(endpoint.id()).equals(id)
					&& !isOfType(beans.getType(name, false), type)) {
				return name;
			}
		}
		return findOther(beans.getParentBeanFactory(), type, id);
	}

	/**
	 * No factory bean is created for that: it would be too early.
	 */
	private static @Nullable Endpoint findEndpoint(ConfigurableListableBeanFactory beans, String name) {
		try {
			return beans.findAnnotationOnBean(name, Endpoint.class, false);
		}
		catch (BeansException ex) {
			// reported when the bean is needed
			return null;
		}
	}

	private static boolean isOfType(@Nullable Class<?> beanType, Class<?> type) {
		return beanType != null && type.isAssignableFrom(beanType);
	}

}
