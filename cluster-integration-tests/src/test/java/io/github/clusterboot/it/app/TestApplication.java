package io.github.clusterboot.it.app;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * An application that prints in which process it gets how far.
 */
@SpringBootApplication(proxyBeanMethods = false)
public class TestApplication {

	TestApplication() {
		print("A bean of the application is made");
	}

	public static void main(String[] args) {
		print("The main method begins");
		SpringApplication.run(TestApplication.class, args);
		print("The main method goes on");
	}

	private static void print(String what) {
		System.out.println(what + " in process " + ProcessHandle.current().pid());
	}

}
