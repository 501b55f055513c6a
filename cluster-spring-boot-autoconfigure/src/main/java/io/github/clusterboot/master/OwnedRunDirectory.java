package io.github.clusterboot.master;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.github.clusterboot.ipc.RunDirectory;
import io.github.clusterboot.master.loop.MasterLog;
import io.github.clusterboot.master.loop.Steps;
import io.github.clusterboot.os.FileFailure;
import io.github.clusterboot.os.FileState;
import io.github.clusterboot.os.OwnDirectory;
import org.apache.commons.logging.Log;

/**
 * A run directory that this master has created, owns and deletes. Only its user can enter
 * it.
 * <p>
 * Others may delete it: those who clean up what is temporary, and the user. So it can be
 * {@linkplain #restore() restored}. All methods may be called from any thread.
 */
final class OwnedRunDirectory implements AutoCloseable {

	private static final Log logger = MasterLog.of(OwnedRunDirectory.class);

	private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY = PosixFilePermissions
		.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

	private static final int ROOT = 0;

	/**
	 * The directories of this process, by the key of their state.
	 */
	private static final Set<Object> heldHere = ConcurrentHashMap.newKeySet();

	private final RunDirectoryPlaces places;

	private volatile RunDirectory directory;

	private Object key;

	private RunDirectoryLock lock;

	/**
	 * Whether the last look at the directory or its lock has failed.
	 */
	private boolean unseen;

	private volatile boolean closed;

	private OwnedRunDirectory(RunDirectoryPlaces places, Path path) throws IOException {
		this.places = places;
		this.directory = new RunDirectory(path);
		this.key = hold(path);
		this.lock = RunDirectoryLock.make(path);
	}

	/**
	 * Create a directory, and begin to delete what killed processes have left.
	 * @return the directory, owned by the caller
	 * @throws IOException if it cannot be created
	 */
	static OwnedRunDirectory create() throws IOException {
		RunDirectoryPlaces places = RunDirectoryPlaces.of(System.getenv());
		OwnedRunDirectory directory = create(places);
		// takes a thread, without which a cluster can do for now
		Steps.take("delete what killed processes have left", () -> Leftovers.deleteLater(places.all()));
		return directory;
	}

	static OwnedRunDirectory create(RunDirectoryPlaces places) throws IOException {
		return places
			.inFirst((place) -> orDelete(Files.createTempDirectory(place, RunDirectoryPlaces.PREFIX, OWNER_ONLY),
					(path) -> new OwnedRunDirectory(places, path)));
	}

	/**
	 * A directory that has just been made is deleted if it cannot be used: without a lock
	 * no other master would ever do so.
	 */
	private static <T> T orDelete(Path path, RunDirectoryPlaces.Maker<T> maker) throws IOException {
		try {
			return maker.makeIn(path);
		}
		catch (Throwable ex) {
			delete(path, ex);
			throw ex;
		}
	}

	private static void delete(Path path, Throwable failure) {
		try (OwnDirectory directory = OwnDirectory.open(path)) {
			heldHere.remove(directory.state().key());
			directory.deleteContents(RunDirectoryLock.NAME);
			directory.delete();
		}
		catch (Throwable ex) {
			// needs neither a descriptor nor a look at it
			path.toFile().delete();
			if (ex != failure) {
				failure.addSuppressed(ex);
			}
		}
	}

	private static Object hold(Path path) throws IOException {
		FileState state = FileState.of(path);
		if (!state.isDirectory() || !state.isOwn() || !state.isPrivate()) {
			throw new IOException(path + " is not this user's alone");
		}
		heldHere.add(state.key());
		return state.key();
	}

	/**
	 * Return whether this process holds a directory.
	 * @param state the directory's state
	 * @return whether a master of this process owns it
	 */
	static boolean isHeldHere(FileState state) {
		return heldHere.contains(state.key());
	}

	/**
	 * Return where the files are now.
	 * @return the directory
	 */
	RunDirectory directory() {
		return this.directory;
	}

	boolean isClosed() {
		return this.closed;
	}

	/**
	 * Recreate what is missing: in the same place, or in another if that name is taken.
	 * <p>
	 * A look that fails once does not mean that something is gone: to leave the directory
	 * is to leave the workers that know it.
	 * @return what was missing, as text; nothing if all is there, the directory
	 * {@linkplain #isUnseen() could not be looked at}, or it has been closed
	 * @throws IOException if it cannot be made
	 */
	synchronized List<String> restore() throws IOException {
		if (this.closed) {
			return List.of();
		}
		boolean there = false;
		boolean locked = false;
		try {
			there = isThere();
			locked = there && this.lock.isIn(this.directory.path());
		}
		catch (IOException ex) {
			if (!this.unseen) {
				logger.debug("The run directory cannot be looked at", ex);
				this.unseen = true;
				return List.of();
			}
		}
		List<String> missing = makeMissing(there, locked);
		this.unseen = false;
		return missing;
	}

	private List<String> makeMissing(boolean there, boolean locked) throws IOException {
		List<String> missing = new ArrayList<>();
		if (!there) {
			missing.add("the directory");
			makeAgain();
		}
		if (!locked) {
			missing.add("the lock");
			RunDirectoryLock before = this.lock;
			this.lock = RunDirectoryLock.make(this.directory.path());
			before.close();
		}
		return missing;
	}

	/**
	 * Return whether the last look has failed, so that nothing is known of what is there.
	 * @return whether it has, for the first time
	 */
	synchronized boolean isUnseen() {
		return this.unseen;
	}

	private boolean isThere() throws IOException {
		try {
			return isOurs(FileState.of(this.directory.path()));
		}
		catch (NoSuchFileException ex) {
			return false;
		}
	}

	/**
	 * The key of a directory that has been deleted may be given to anything else.
	 */
	private boolean isOurs(FileState state) throws IOException {
		return state.isDirectory() && state.isOwn() && state.key().equals(this.key);
	}

	private void makeAgain() throws IOException {
		Path path = this.directory.path();
		Object before = this.key;
		try {
			Files.createDirectory(path, OWNER_ONLY);
			this.key = orDelete(path, OwnedRunDirectory::hold);
		}
		catch (IOException ex) {
			logger.debug("Cannot make " + path + " again", ex);
			this.directory = this.places.inFirst((place) -> {
				Path other = Files.createTempDirectory(place, RunDirectoryPlaces.PREFIX, OWNER_ONLY);
				this.key = orDelete(other, OwnedRunDirectory::hold);
				return new RunDirectory(other);
			});
		}
		if (!before.equals(this.key)) {
			heldHere.remove(before);
		}
	}

	/**
	 * Make the files young, for those who delete what has not been used for days.
	 * @throws IOException if that fails
	 */
	synchronized void touch() throws IOException {
		if (!this.closed) {
			FileTime now = FileTime.from(Instant.now());
			Files.getFileAttributeView(this.directory.path(), BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
				.setTimes(now, now, null);
			this.lock.touch();
		}
	}

	/**
	 * Delete the directory and give the lock back. May be called again.
	 */
	@Override
	public synchronized void close() {
		if (this.closed) {
			return;
		}
		this.closed = true;
		try {
			delete();
		}
		catch (NoSuchFileException ex) {
			logger.debug("The run directory has been deleted already", ex);
		}
		catch (IOException ex) {
			logger.warn("Cannot delete " + this.directory.path() + ": " + FileFailure.describe(ex));
		}
		heldHere.remove(this.key);
	}

	private void delete() throws IOException {
		try (RunDirectoryLock held = this.lock) {
			try (OwnDirectory opened = OwnDirectory.open(this.directory.path())) {
				if (opened.state().key().equals(this.key)) {
					opened.deleteContents(RunDirectoryLock.NAME);
					opened.delete();
				}
			}
			catch (NoSuchFileException ex) {
				throw ex;
			}
			catch (IOException ex) {
				deleteByName(ex);
			}
		}
	}

	/**
	 * Opening a directory needs a descriptor, and there may be none left. Deleting by
	 * name needs none, and only this user can replace what is in the directory.
	 */
	private void deleteByName(IOException failure) throws IOException {
		try {
			if (deleteFiles(this.directory.path())) {
				this.lock.deleteWith(this.directory.path());
			}
		}
		catch (IOException ex) {
			failure.addSuppressed(ex);
			throw failure;
		}
	}

	/**
	 * If the directory cannot be looked at, another user may have made a link of its name
	 * to another directory of this user's. So only what a run directory may have is
	 * deleted then, and nothing by root, who may delete anybody's.
	 * @return whether the directory may be there
	 */
	private boolean deleteFiles(Path path) throws IOException {
		try {
			if (!isThere()) {
				return false;
			}
			RunDirectoryFiles.deleteAll(path.toFile());
			return true;
		}
		catch (IOException ex) {
			if (FileState.isOwn(ROOT)) {
				return false;
			}
			RunDirectoryFiles.deleteKnown(path.toFile());
			return true;
		}
	}

}
