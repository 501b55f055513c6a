package io.github.clusterboot.it.app;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.ApplicationPidFileWriter;
import org.springframework.boot.web.server.context.WebServerPortFileWriter;

/**
 * The {@link TestApplication} with listeners that write its process id and its port.
 */
public class FileWritingApplication {

	public static void main(String[] args) {
		SpringApplication application = new SpringApplication(TestApplication.class);
		application.addListeners(new ApplicationPidFileWriter(), new WebServerPortFileWriter("app.port"));
		application.run(args);
	}

}
