package io.github.clusterboot.benchmark;

import java.util.ArrayList;
import java.util.List;

import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Allocates about 100 KiB for each request, and replaces some of what stays alive.
 */
@RestController
class AllocatingController {

	private static final int SHORT_LIVED = 100;

	private static final int REPLACED = 8;

	private final LiveSet liveSet;

	AllocatingController(LiveSet liveSet) {
		this.liveSet = liveSet;
	}

	@GetMapping(path = "/allocate", produces = MediaType.TEXT_PLAIN_VALUE)
	String allocate() {
		List<byte[][]> shortLived = new ArrayList<>();
		for (int i = 0; i < SHORT_LIVED; i++) {
			shortLived.add(LiveSet.newEntry());
		}
		this.liveSet.replace(REPLACED);
		return String.valueOf(shortLived.size());
	}

}
