package io.github.clusterboot.ipc;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

import io.github.clusterboot.Cluster;
import io.github.clusterboot.os.Descriptors;
import io.netty.channel.unix.FileDescriptor;

/**
 * Figures that the workers publish and the master reads, in memory that they share, so
 * that neither a connection nor a request costs a message.
 * <p>
 * A {@linkplain ScoreboardFile file without a name} is mapped by every process of the
 * cluster. What a slot holds is told at {@link ScoreboardSlot}.
 *
 * <pre>
 * offset   size
 *      0    512   header
 *               0   room wanted: not 0 while the master holds connections back
 *                   because no worker has room
 *    512    512   slot of worker index 0
 *   1024    512   slot of worker index 1
 *    ...
 * </pre>
 *
 * All methods may be called from any thread.
 */
public final class Scoreboard {

	/**
	 * How many listeners there can be.
	 */
	public static final int MAX_LISTENERS = 8;

	/**
	 * How often a worker shows that it runs.
	 */
	public static final Duration HEARTBEAT_INTERVAL = Duration.ofMillis(250);

	/**
	 * A replacement is ready before the worker that it replaces has ended, so there are
	 * more slots than workers.
	 */
	private static final int SLOTS = 2 * Cluster.MAX_WORKERS;

	private static final int ROOM_WANTED = 0;

	private final SharedFigures figures;

	private Scoreboard(SharedFigures figures) {
		this.figures = figures;
	}

	/**
	 * Map a file that has {@link #size()} bytes.
	 * @param file the file, which may be closed afterwards
	 * @return the scoreboard
	 * @throws IOException if it cannot be mapped
	 */
	static Scoreboard map(FileChannel file) throws IOException {
		return new Scoreboard(new SharedFigures(file.map(MapMode.READ_WRITE, 0, size())));
	}

	/**
	 * Map the file that the master has made.
	 * @param file the path by which it can be reached, see
	 * {@link Descriptors#pathOf(FileDescriptor)}
	 * @return the scoreboard
	 * @throws IOException if it cannot be mapped
	 */
	public static Scoreboard open(Path file) throws IOException {
		try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
			if (channel.size() != size()) {
				throw new IOException("The scoreboard has " + channel.size() + " bytes instead of " + size());
			}
			return map(channel);
		}
	}

	/**
	 * Return how many bytes the file has.
	 * @return the size
	 */
	static int size() {
		return offset(SLOTS);
	}

	/**
	 * Say whether the master holds connections back because no worker has room.
	 * @param wanted whether a worker that takes a connection should tell the master
	 */
	public void wantRoom(boolean wanted) {
		this.figures.set(ROOM_WANTED, wanted ? 1 : 0);
	}

	/**
	 * Return whether the master waits to be told that a worker has room.
	 * @return whether to tell it
	 */
	public boolean isRoomWanted() {
		return this.figures.get(ROOM_WANTED) != 0;
	}

	/**
	 * Return the slot of a worker.
	 * @param index the worker's index
	 * @return the slot
	 */
	public ScoreboardSlot slot(int index) {
		if (index < 0 || index >= SLOTS) {
			throw new IllegalArgumentException("'index' must be from 0 to " + (SLOTS - 1));
		}
		return new ScoreboardSlot(this.figures, offset(index));
	}

	/**
	 * Return where a worker's slot begins.
	 */
	private static int offset(int index) {
		return ScoreboardSlot.SIZE * (1 + index);
	}

}
