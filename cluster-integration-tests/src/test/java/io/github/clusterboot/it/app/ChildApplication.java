package io.github.clusterboot.it.app;

import io.github.clusterboot.Cluster;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * What {@link ProcessController#child()} runs.
 */
@EnableAutoConfiguration
public class ChildApplication {

	public static void main(String[] args) {
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(ChildApplication.class)
			.web(WebApplicationType.NONE)
			.run(args)) {
			Cluster cluster = context.getBean(Cluster.class);
			System.out.println("The child's role is " + cluster.getRole() + ", its id " + cluster.getWorker().id());
		}
	}

}
