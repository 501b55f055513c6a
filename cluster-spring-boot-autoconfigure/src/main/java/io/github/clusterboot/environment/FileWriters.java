package io.github.clusterboot.environment;

import java.io.File;
import java.lang.reflect.Field;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ApplicationListener;
import org.springframework.util.ReflectionUtils;

/**
 * Finds an application's listeners that write a file of Spring Boot's, without loading
 * their class: the master may do without it.
 */
public final class FileWriters {

	private FileWriters() {
	}

	/**
	 * Return the listeners of a class, which were added before the application was run.
	 * @param application the application
	 * @param className the name of the class
	 * @return the listeners
	 */
	public static List<ApplicationListener<?>> of(SpringApplication application, String className) {
		return application.getListeners().stream().filter((listener) -> isOf(listener.getClass(), className)).toList();
	}

	private static boolean isOf(@Nullable Class<?> type, String className) {
		return type != null && (type.getName().equals(className) || isOf(type.getSuperclass(), className));
	}

	/**
	 * Return the file that a listener was made for. It has no accessor, so its field is
	 * read.
	 * @param listener the listener
	 * @return the file, or {@code null} if there is no such field
	 */
	public static @Nullable File fileOf(ApplicationListener<?> listener) {
		Field field = ReflectionUtils.findField(listener.getClass(), "file", File.class);
		if (field == null) {
			return null;
		}
		ReflectionUtils.makeAccessible(field);
		return (File) ReflectionUtils.getField(field, listener);
	}

}
