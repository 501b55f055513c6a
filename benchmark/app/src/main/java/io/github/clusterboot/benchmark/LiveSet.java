package io.github.clusterboot.benchmark;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReferenceArray;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;

/**
 * Objects that stay alive and are replaced little by little, as sessions and cache
 * entries are: what a garbage collector has to look through and to move. Empty unless
 * {@code benchmark.live-set} gives a size. Thread-safe.
 */
@Component
class LiveSet {

	private static final int FIELDS = 8;

	private static final int FIELD_BYTES = 100;

	/**
	 * One entry with the headers of its objects, about.
	 */
	private static final int ENTRY_BYTES = 1024;

	private final AtomicReferenceArray<byte[][]> entries;

	LiveSet(@Value("${benchmark.live-set:0B}") DataSize size) {
		this.entries = new AtomicReferenceArray<>((int) (size.toBytes() / ENTRY_BYTES));
		for (int i = 0; i < this.entries.length(); i++) {
			this.entries.set(i, newEntry());
		}
	}

	/**
	 * Replace entries chosen at random.
	 * @param count how many
	 */
	void replace(int count) {
		for (int i = 0; i < count && this.entries.length() > 0; i++) {
			this.entries.set(ThreadLocalRandom.current().nextInt(this.entries.length()), newEntry());
		}
	}

	/**
	 * Return a new entry.
	 * @return the entry
	 */
	static byte[][] newEntry() {
		return new byte[FIELDS][FIELD_BYTES];
	}

}
