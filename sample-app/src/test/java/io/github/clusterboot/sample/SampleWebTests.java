package io.github.clusterboot.sample;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

import io.github.clusterboot.Cluster;
import io.github.clusterboot.ClusterRole;
import io.github.clusterboot.ClusterView;
import io.github.clusterboot.WorkerIdentity;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.context.annotation.Bean;
import org.springframework.http.MediaType;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.web.servlet.assertj.MockMvcTester;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link PageController}, {@link WorkerController}, {@link TroubleController}
 * and {@link WorkerFilter}.
 */
@WebMvcTest
class SampleWebTests {

	@Autowired
	private MockMvcTester mvc;

	@Test
	void pageSaysWhoAnswered() {
		assertThat(this.mvc.get().uri("/")).hasStatusOk()
			.hasContentTypeCompatibleWith(MediaType.TEXT_HTML)
			.hasHeader(WorkerFilter.WORKER_ID_HEADER, "0")
			.bodyText()
			.contains("This page came from <b>one process, no cluster</b>");
	}

	@Test
	void workerWhenStandaloneHasIdZero() {
		assertThat(this.mvc.get().uri("/worker")).hasStatusOk()
			.hasHeader(WorkerFilter.WORKER_ID_HEADER, "0")
			.bodyJson()
			.isStrictlyEqualTo("{\"id\":0,\"index\":0,\"pid\":%d}".formatted(ProcessHandle.current().pid()));
	}

	@Test
	void slowAnswersAfterTheTime() {
		long start = System.nanoTime();
		assertThat(this.mvc.get().uri("/slow?millis=50")).hasStatusOk().bodyJson().extractingPath("id").isEqualTo(0);
		assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(50));
	}

	@Test
	void echoAnswersTheBytesWithTheirContentType() {
		byte[] body = { 0, -1, 13, 10, 'a', '=', '%', '2', '0' };
		assertThat(this.mvc.post().uri("/echo").contentType("application/x-www-form-urlencoded").content(body))
			.hasStatusOk()
			.hasContentType(MediaType.APPLICATION_FORM_URLENCODED)
			.body()
			.isEqualTo(body);
	}

	@Test
	void unknownPathCarriesTheWorkerToo() {
		assertThat(this.mvc.get().uri("/nowhere")).hasStatus(404).hasHeader(WorkerFilter.WORKER_ID_HEADER, "0");
	}

	@Test
	@DirtiesContext
	void hangLetsEveryFurtherRequestWait() {
		assertThat(this.mvc.post().uri("/hang")).hasStatusOk();
		Thread request = new Thread(() -> this.mvc.get().uri("/worker").exchange());
		request.start();
		await().atMost(Duration.ofSeconds(10)).until(() -> isWaitingInFilter(request));
		request.interrupt();
		await().atMost(Duration.ofSeconds(10)).until(() -> !request.isAlive());
	}

	private static boolean isWaitingInFilter(Thread thread) {
		return thread.getState() == Thread.State.WAITING && Arrays.stream(thread.getStackTrace())
			.anyMatch((element) -> element.getClassName().equals(WorkerFilter.class.getName()));
	}

	@TestConfiguration
	static class StandaloneConfiguration {

		@Bean
		Cluster cluster() {
			return new Cluster() {

				@Override
				public ClusterRole getRole() {
					return ClusterRole.STANDALONE;
				}

				@Override
				public WorkerIdentity getWorker() {
					return WorkerIdentity.ofThisProcess();
				}

				@Override
				public @Nullable ClusterView getView() {
					return null;
				}

			};
		}

	}

}
