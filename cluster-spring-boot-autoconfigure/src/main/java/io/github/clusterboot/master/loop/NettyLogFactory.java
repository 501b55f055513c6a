package io.github.clusterboot.master.loop;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Locale;

import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import org.apache.commons.logging.Log;
import org.jspecify.annotations.Nullable;

/**
 * Has Netty's classes log through the {@link LogQueue}, since they log on the event loop.
 * <p>
 * Loggers are proxies: of the 42 methods of {@link InternalLogger} all but the name are
 * one of five levels, with or without a failure.
 */
public final class NettyLogFactory extends InternalLoggerFactory {

	private static final String PLACEHOLDER = "{}";

	private NettyLogFactory() {
	}

	/**
	 * Have the classes that Netty loads from now on log in this way.
	 */
	public static void install() {
		InternalLoggerFactory.setDefaultFactory(new NettyLogFactory());
	}

	@Override
	protected InternalLogger newInstance(String name) {
		return loggerOf(name, MasterLog.of(name));
	}

	static InternalLogger loggerOf(String name, Log log) {
		return (InternalLogger) Proxy.newProxyInstance(InternalLogger.class.getClassLoader(),
				new Class<?>[] { InternalLogger.class },
				(proxy, method, arguments) -> invoke(name, log, proxy, method, arguments));
	}

	private static @Nullable Object invoke(String name, Log log, Object proxy, Method method,
			Object @Nullable [] arguments) {
		Object[] given = (arguments != null) ? arguments : new Object[0];
		return switch (method.getName()) {
			case "name", "toString" -> name;
			case "equals" -> proxy == given[0];
			case "hashCode" -> System.identityHashCode(proxy);
			case "isEnabled" -> isEnabled(log, given[0].toString());
			case "log" -> log(log, given[0].toString(), Arrays.copyOfRange(given, 1, given.length));
			default -> {
				String level = method.getName().replaceAll("^is|Enabled$", "");
				yield (given.length == 0) ? isEnabled(log, level) : log(log, level, given);
			}
		};
	}

	private static boolean isEnabled(Log log, String level) {
		return switch (level.toLowerCase(Locale.ROOT)) {
			case "trace" -> log.isTraceEnabled();
			case "debug" -> log.isDebugEnabled();
			case "info" -> log.isInfoEnabled();
			case "warn" -> log.isWarnEnabled();
			default -> log.isErrorEnabled();
		};
	}

	private static @Nullable Object log(Log log, String level, Object[] arguments) {
		if (isEnabled(log, level)) {
			Object[] flat = (arguments.length == 2 && arguments[1] instanceof Object[] several)
					? concat(arguments[0], several) : arguments;
			Throwable failure = (flat[flat.length - 1] instanceof Throwable last) ? last : null;
			String message = format(flat);
			switch (level.toLowerCase(Locale.ROOT)) {
				case "trace" -> log.trace(message, failure);
				case "debug" -> log.debug(message, failure);
				case "info" -> log.info(message, failure);
				case "warn" -> log.warn(message, failure);
				default -> log.error(message, failure);
			}
		}
		return null;
	}

	private static Object[] concat(Object format, Object[] arguments) {
		Object[] all = new Object[arguments.length + 1];
		all[0] = format;
		System.arraycopy(arguments, 0, all, 1, arguments.length);
		return all;
	}

	private static String format(Object[] arguments) {
		StringBuilder message = new StringBuilder(String.valueOf(arguments[0]));
		for (int i = 1, start = 0; i < arguments.length; i++) {
			int placeholder = message.indexOf(PLACEHOLDER, start);
			if (placeholder < 0) {
				break;
			}
			String argument = String.valueOf(arguments[i]);
			message.replace(placeholder, placeholder + PLACEHOLDER.length(), argument);
			start = placeholder + argument.length();
		}
		return message.toString();
	}

}
