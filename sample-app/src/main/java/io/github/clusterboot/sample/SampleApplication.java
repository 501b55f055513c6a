package io.github.clusterboot.sample;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

/**
 * An application like any other: nothing here makes it a cluster but the starter on its
 * class path.
 */
@SpringBootApplication
public class SampleApplication {

	public static void main(String[] args) {
		ConfigurableApplicationContext context = SpringApplication.run(SampleApplication.class, args);
		// Only a worker comes this far.
		if (context.getEnvironment().getProperty("sample.refuse-readiness", Boolean.class, false)) {
			AvailabilityChangeEvent.publish(context, ReadinessState.REFUSING_TRAFFIC);
		}
	}

	@Bean
	@ConditionalOnBooleanProperty("sample.fail-start")
	Object failedStart() {
		throw new IllegalStateException("This worker does not start: sample.fail-start=true");
	}

}
