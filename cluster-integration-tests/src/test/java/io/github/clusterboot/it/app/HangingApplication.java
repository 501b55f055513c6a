package io.github.clusterboot.it.app;

import java.util.concurrent.CountDownLatch;

/**
 * An application that hangs before anything of it starts.
 */
public final class HangingApplication {

	private HangingApplication() {
	}

	public static void main(String[] args) throws InterruptedException {
		System.out.println("This application hangs");
		new CountDownLatch(1).await();
	}

}
