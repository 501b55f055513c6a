package io.github.clusterboot.launch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.zip.CRC32;

import org.jspecify.annotations.Nullable;

/**
 * How a jar was when it was looked at.
 *
 * @param key tells the file from one that takes its name
 * @param size its size
 * @param modified when it was modified, which does not say that its content has changed
 * @param end the checksum of the end of the file, where a jar lists its entries with
 * their checksums
 */
record JarState(Object key, long size, FileTime modified, long end) {

	private static final int LENGTH_OF_END = 64 * 1024;

	/**
	 * Look at a jar.
	 * @param jar where it is
	 * @param known how it was before, if known
	 * @return its state, or {@code null} if there is no such file now
	 */
	static @Nullable JarState of(Path jar, @Nullable JarState known) {
		try {
			BasicFileAttributes attributes = Files.readAttributes(jar, BasicFileAttributes.class);
			Object key = attributes.fileKey();
			if (!attributes.isRegularFile() || key == null) {
				return null;
			}
			long size = attributes.size();
			FileTime modified = attributes.lastModifiedTime();
			if (known != null && known.key.equals(key) && known.size == size && known.modified.equals(modified)) {
				return known;
			}
			return new JarState(key, size, modified, readEnd(jar));
		}
		catch (IOException ex) {
			// not there just now
			return null;
		}
	}

	private static long readEnd(Path jar) throws IOException {
		CRC32 checksum = new CRC32();
		try (FileChannel channel = FileChannel.open(jar)) {
			ByteBuffer buffer = ByteBuffer.allocate(LENGTH_OF_END);
			channel.position(Math.max(0, channel.size() - LENGTH_OF_END));
			while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
				// until the end
			}
			checksum.update(buffer.flip());
		}
		return checksum.getValue();
	}

	/**
	 * Return whether a later state shows that the file has been written to.
	 * @param later how the file of the same name is later
	 * @return whether it is this one with another content
	 */
	boolean isOverwrittenBy(JarState later) {
		return this.key.equals(later.key) && (this.size != later.size || this.end != later.end);
	}

}
