package io.github.clusterboot.it.app;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.util.Assert;

/**
 * A web application with a parent, whose configuration says how long the child takes and
 * whether it fails. Not to be found by the component scan of another application.
 */
@EnableAutoConfiguration
@ComponentScan("io.github.clusterboot.sample")
public class FamilyApplication {

	FamilyApplication(@Value("${it.child-takes:0}") long millis, @Value("${it.child-fails:false}") boolean fails)
			throws InterruptedException {
		// a slow start is the subject of the test
		Thread.sleep(millis);
		Assert.state(!fails, "The child fails to start");
	}

	public static void main(String[] args) {
		new SpringApplicationBuilder().parent(Parent.class).child(FamilyApplication.class).run(args);
	}

	/**
	 * The parent.
	 */
	static class Parent {

		Parent() {
			System.out.println("The parent is made in process " + ProcessHandle.current().pid());
		}

	}

}
