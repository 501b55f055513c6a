package io.github.clusterboot.testapp;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/**
 * Tells that the application has come to its end in good order.
 */
@Component
class EndReporter implements DisposableBean {

	@Override
	public void destroy() {
		System.out.println("The beans are destroyed in process " + ProcessHandle.current().pid());
	}

}
