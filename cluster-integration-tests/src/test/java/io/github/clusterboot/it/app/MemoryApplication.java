package io.github.clusterboot.it.app;

import java.lang.reflect.Proxy;

import javax.sql.DataSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/**
 * An application with a database in memory, as far as its data source tells. Not to be
 * found by the component scan of another application.
 */
@EnableAutoConfiguration
@Import(ProcessController.class)
public class MemoryApplication {

	public static void main(String[] args) {
		SpringApplication.run(MemoryApplication.class, args);
	}

	@Bean
	DataSource dataSource() {
		return (DataSource) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { UrlDataSource.class },
				(proxy, method, arguments) -> switch (method.getName()) {
					case "getUrl" -> "jdbc:h2:mem:pets;DB_CLOSE_DELAY=-1";
					case "hashCode" -> System.identityHashCode(proxy);
					case "equals" -> proxy == arguments[0];
					case "toString" -> "pets";
					default -> throw new UnsupportedOperationException(method.getName());
				});
	}

	/**
	 * A data source that tells its URL, as most do.
	 */
	public interface UrlDataSource extends DataSource {

		String getUrl();

	}

}
