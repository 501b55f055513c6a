package io.github.clusterboot.worker;

import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

import javax.sql.DataSource;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeanWrapper;
import org.springframework.beans.BeansException;
import org.springframework.beans.PropertyAccessorFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.ApplicationContext;
import org.springframework.util.ClassUtils;

/**
 * Finds a database that lives in the memory of this process, so that each worker has its
 * own. It is recognized by the URL of a {@link DataSource} bean that has been created.
 */
final class InMemoryDatabase {

	private static final Log logger = LogFactory.getLog(InMemoryDatabase.class);

	/**
	 * The URLs that the drivers document. A driver that only observes another one puts
	 * its name before them.
	 */
	private static final Pattern URL = Pattern.compile(
			"jdbc:(\\w+:)?(h2:(nio)?mem(fs|lz)?:|hsqldb:(mem:|\\.)|derby:memory:|sqlite:(file:)?:memory:).*",
			Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

	private static final List<String> DRIVERS = List.of("org/h2/Driver.class", "org/hsqldb/jdbc/JDBCDriver.class",
			"org/apache/derby/iapi/jdbc/AutoloadedDriver.class", "org/sqlite/JDBC.class");

	/**
	 * A database in memory connects at once, and any other database does not matter here.
	 */
	private static final Duration TIME_TO_BORROW = Duration.ofSeconds(1);

	private static final List<String> URL_PROPERTIES = List.of("jdbcUrl", "url", "URL");

	private InMemoryDatabase() {
	}

	/**
	 * Find such a database. No bean is created for that. If no property of a data source
	 * has its URL, one connection is borrowed: by another thread and for at most a second
	 * altogether, since the pool may be empty, or its database may not answer. Never
	 * fails.
	 * @param context the application's context
	 * @return the URL without its parameters, or {@code null} if there is none
	 */
	static @Nullable String find(ApplicationContext context) {
		ClassLoader classLoader = (context.getClassLoader() != null) ? context.getClassLoader()
				: InMemoryDatabase.class.getClassLoader();
		if (!ClassUtils.isPresent("javax.sql.DataSource", classLoader)) {
			return null;
		}
		long deadline = System.nanoTime() + TIME_TO_BORROW.toNanos();
		for (ApplicationContext current = context; current != null; current = current.getParent()) {
			if (current.getAutowireCapableBeanFactory() instanceof ConfigurableListableBeanFactory beans) {
				String url = find(beans, classLoader, deadline);
				if (url != null) {
					return url;
				}
			}
		}
		return null;
	}

	private static @Nullable String find(ConfigurableListableBeanFactory beans, ClassLoader classLoader,
			long deadline) {
		for (String name : beans.getBeanNamesForType(DataSource.class, false, false)) {
			if (beans.containsSingleton(name)) {
				try {
					String url = url(beans.getBean(name, DataSource.class), classLoader, deadline);
					if (url != null && URL.matcher(url).matches()) {
						return url.split("[;?]", 2)[0];
					}
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
					return null;
				}
				catch (Exception | LinkageError | OutOfMemoryError ex) {
					logger.debug("The URL of the data source '" + name + "' cannot be found", ex);
				}
			}
		}
		return null;
	}

	private static @Nullable String url(DataSource dataSource, ClassLoader classLoader, long deadline)
			throws Exception {
		String url = urlProperty(dataSource);
		if (url == null && DRIVERS.stream().anyMatch((driver) -> classLoader.getResource(driver) != null)) {
			return borrow(dataSource, deadline);
		}
		return url;
	}

	/**
	 * A connection that comes too late is still given back.
	 */
	private static @Nullable String borrow(DataSource dataSource, long deadline) throws Exception {
		FutureTask<@Nullable String> task = new FutureTask<>(() -> {
			try (Connection connection = dataSource.getConnection()) {
				return connection.getMetaData().getURL();
			}
		});
		Thread thread = new Thread(task, "cluster-database-url");
		thread.setDaemon(true);
		thread.start();
		return task.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
	}

	private static @Nullable String urlProperty(DataSource dataSource) {
		BeanWrapper properties = PropertyAccessorFactory.forBeanPropertyAccess(dataSource);
		for (String name : URL_PROPERTIES) {
			try {
				if (properties.isReadableProperty(name) && properties.getPropertyValue(name) instanceof String url) {
					return url;
				}
			}
			catch (BeansException ex) {
				// try the next one
			}
		}
		return null;
	}

}
