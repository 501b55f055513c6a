package io.github.clusterboot.benchmark;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * The application that the benchmark runs. {@code benchmark/driver/node-cluster.js}
 * answers the same requests.
 */
@SpringBootApplication
public class BenchmarkApplication {

	/**
	 * Run the application.
	 * @param args the arguments
	 */
	public static void main(String[] args) {
		SpringApplication.run(BenchmarkApplication.class, args);
	}

}
