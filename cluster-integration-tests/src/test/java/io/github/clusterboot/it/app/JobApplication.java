package io.github.clusterboot.it.app;

import io.github.clusterboot.Cluster;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * A job: it does its work, and ends with an exit code.
 */
@EnableAutoConfiguration
public class JobApplication {

	public static void main(String[] args) {
		ConfigurableApplicationContext context = new SpringApplicationBuilder(JobApplication.class).run(args);
		System.out.println("The job runs in role " + context.getBean(Cluster.class).getRole());
		System.exit(SpringApplication.exit(context, () -> 7));
	}

}
