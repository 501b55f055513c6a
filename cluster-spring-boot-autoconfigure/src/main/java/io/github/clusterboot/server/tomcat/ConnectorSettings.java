package io.github.clusterboot.server.tomcat;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Collection;
import java.util.Map;

import org.apache.catalina.LifecycleState;
import org.apache.catalina.connector.Connector;
import org.apache.coyote.CompressionConfig;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.tomcat.util.net.AbstractEndpoint;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.SocketProperties;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;
import org.springframework.util.ReflectionUtils;

/**
 * The settings of a {@link Connector} that has not been initialised: the fields of the
 * connector itself, of its protocol and of its endpoint, which hold only settings until
 * then. The fields are copied, since most of the endpoint's settings have no accessible
 * getter, and those that a later Tomcat adds are fields as well. Tomcat's classes are not
 * in a named module, so they can be reached.
 * <p>
 * A connector is copied instead of giving it another protocol, or its protocol another
 * endpoint, since both are final fields, which Java is going to refuse to change (JEP
 * 500); in the latter case the overrides of {@link ClusterHttp11NioProtocol} would be
 * missing, too.
 */
final class ConnectorSettings {

	private ConnectorSettings() {
	}

	/**
	 * Return whether a connector that opens a port consists of its settings only; a
	 * subclass may do more.
	 * @param connector the connector
	 * @return whether a copy of its settings can replace it
	 */
	static boolean areAllOf(Connector connector) {
		return connector.getClass() == Connector.class && connector.getState() == LifecycleState.NEW
				&& isOf(Http11NioProtocol.class, connector.getProtocolHandler())
				&& isOf(NioEndpoint.class, endpoint(connector))
				&& connector.getProperty("unixDomainSocketPath") == null;
	}

	private static boolean isOf(Class<?> type, @Nullable Object candidate) {
		return candidate != null && candidate.getClass() == type;
	}

	private static @Nullable Object endpoint(Connector connector) {
		Field field = ReflectionUtils.findField(Http11NioProtocol.class, "endpoint");
		Assert.state(field != null, "Tomcat's protocol has no endpoint");
		return get(field, connector.getProtocolHandler());
	}

	/**
	 * Copy the settings of a connector that has not been initialised. It must not be
	 * initialised later, since the copy uses the same objects.
	 * @param source the connector
	 * @param target its replacement, whose parts may be of subclasses
	 */
	static void copy(Connector source, Connector target) {
		copyFields(source, target);
	}

	private static void copyFields(Object source, Object target) {
		ReflectionUtils.doWithFields(source.getClass(), (field) -> copy(field, source, target),
				(field) -> !Modifier.isStatic(field.getModifiers()) && !isWiring(field));
	}

	/**
	 * Each protocol and its endpoint have their own handler, which refers to the
	 * protocol.
	 */
	private static boolean isWiring(Field field) {
		return AbstractEndpoint.Handler.class.isAssignableFrom(field.getType());
	}

	private static void copy(Field field, Object source, Object target) {
		Object value = get(field, source);
		if (!Modifier.isFinal(field.getModifiers())) {
			ReflectionUtils.setField(field, target, value);
		}
		else if (value != null) {
			Object counterpart = get(field, target);
			Assert.state(counterpart != null, () -> "There is no " + field.getName() + " in " + target);
			copyContent(value, counterpart);
		}
	}

	@SuppressWarnings("unchecked")
	private static void copyContent(Object source, Object target) {
		if (source instanceof Collection<?> collection) {
			((Collection<Object>) target).clear();
			((Collection<Object>) target).addAll(collection);
		}
		else if (source instanceof Map<?, ?> map) {
			((Map<Object, Object>) target).clear();
			((Map<Object, Object>) target).putAll(map);
		}
		else if (isPart(source)) {
			copyFields(source, target);
		}
	}

	private static boolean isPart(Object value) {
		return value instanceof Http11NioProtocol || value instanceof NioEndpoint || value instanceof SocketProperties
				|| value instanceof CompressionConfig;
	}

	private static @Nullable Object get(Field field, Object owner) {
		ReflectionUtils.makeAccessible(field);
		return ReflectionUtils.getField(field, owner);
	}

}
