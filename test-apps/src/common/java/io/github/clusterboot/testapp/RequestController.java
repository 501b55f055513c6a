package io.github.clusterboot.testapp;

import java.io.InputStream;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;

import io.github.clusterboot.Cluster;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.io.InputStreamResource;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Requests of all kinds. Each answer tells the worker in {@code X-Worker-Id}.
 */
@RestController
class RequestController {

	private final Cluster cluster;

	RequestController(Cluster cluster) {
		this.cluster = cluster;
	}

	@GetMapping("/worker")
	ResponseEntity<String> worker() {
		return answer(String.valueOf(id()));
	}

	@GetMapping("/slow")
	CompletableFuture<ResponseEntity<String>> slow(@RequestParam long millis) {
		return CompletableFuture.supplyAsync(this::worker,
				CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS));
	}

	@GetMapping("/thread")
	ResponseEntity<String> thread() {
		return answer(Thread.currentThread().toString());
	}

	@GetMapping("/port")
	ResponseEntity<String> port(@Value("${local.server.port}") int port) {
		return answer(String.valueOf(port));
	}

	@PostMapping("/echo")
	ResponseEntity<byte[]> echo(@RequestBody(required = false) byte[] body) {
		return ResponseEntity.ok().header("X-Worker-Id", String.valueOf(id())).body(body);
	}

	@PostMapping("/checksum")
	ResponseEntity<String> checksum(@RequestBody byte[] body) {
		CRC32 checksum = new CRC32();
		checksum.update(body);
		return answer(body.length + " " + checksum.getValue());
	}

	@GetMapping("/download")
	ResponseEntity<InputStreamResource> download(@RequestParam int bytes) {
		return ResponseEntity.ok().contentLength(bytes).body(new InputStreamResource(new Zeros(bytes)));
	}

	private ResponseEntity<String> answer(String text) {
		return ResponseEntity.ok().header("X-Worker-Id", String.valueOf(id())).body(text);
	}

	private int id() {
		return this.cluster.getWorker().id();
	}

	/**
	 * As many zeros as were asked for.
	 */
	private static final class Zeros extends InputStream {

		private int left;

		Zeros(int count) {
			this.left = count;
		}

		@Override
		public int read() {
			return (this.left-- > 0) ? 0 : -1;
		}

		@Override
		public int read(byte[] target, int offset, int length) {
			int count = Math.min(length, this.left);
			Arrays.fill(target, offset, offset + count, (byte) 0);
			this.left -= count;
			return (count > 0 || length == 0) ? count : -1;
		}

	}

}
