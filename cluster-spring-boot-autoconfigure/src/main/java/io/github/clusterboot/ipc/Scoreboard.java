package io.github.clusterboot.ipc;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

import io.github.clusterboot.Cluster;

/**
 * Figures that the workers publish and the master reads, in memory that they share, so
 * that neither a connection nor a request costs a message.
 * <p>
 * The file is mapped by every process of the cluster. What a slot holds is told at
 * {@link ScoreboardSlot}.
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
	 * Create the file and map it.
	 * @param file the file, which must not exist yet
	 * @return the scoreboard
	 * @throws IOException if the file cannot be created
	 */
	public static Scoreboard create(Path file) throws IOException {
		return map(file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
	}

	/**
	 * Map the file that the master has created.
	 * @param file the file
	 * @return the scoreboard
	 * @throws IOException if the file cannot be opened
	 */
	public static Scoreboard open(Path file) throws IOException {
		return map(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
	}

	private static Scoreboard map(Path file, StandardOpenOption... options) throws IOException {
		try (FileChannel channel = FileChannel.open(file, options)) {
			return new Scoreboard(new SharedFigures(channel.map(MapMode.READ_WRITE, 0, offset(SLOTS))));
		}
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
	 * Return where the slot begins of the worker that has an index.
	 */
	private static int offset(int index) {
		return ScoreboardSlot.SIZE * (1 + index);
	}

}
