package io.github.clusterboot.os;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;

/**
 * The state of a file. For a link it is the link's own state: nothing is followed, opened
 * or waited for.
 *
 * @param uid the owner's id
 * @param mode type and permissions, see {@code inode(7)}
 * @param key equal for two paths of the same file
 */
public record FileState(int uid, int mode, Object key) {

	private static final int TYPE = 0170000;

	private static final int DIRECTORY = 0040000;

	private static final int REGULAR_FILE = 0100000;

	private static final int STICKY = 01000;

	private static final int OTHERS = 0077;

	private static final int OTHERS_WRITE = 0022;

	/**
	 * Look at a file.
	 * @param path where it is
	 * @return its state
	 * @throws IOException if there is none, or it cannot be looked at
	 */
	public static FileState of(Path path) throws IOException {
		Map<String, Object> attributes = Files.readAttributes(path, "unix:uid,mode,fileKey", LinkOption.NOFOLLOW_LINKS);
		return new FileState((Integer) attributes.get("uid"), (Integer) attributes.get("mode"),
				attributes.get("fileKey"));
	}

	public boolean isDirectory() {
		return (this.mode & TYPE) == DIRECTORY;
	}

	public boolean isRegularFile() {
		return (this.mode & TYPE) == REGULAR_FILE;
	}

	/**
	 * Return whether the file belongs to the user that this process runs as.
	 * @return whether it does
	 * @throws IOException if the system does not tell who that is
	 */
	public boolean isOwn() throws IOException {
		return isOwn(this.uid);
	}

	/**
	 * Return whether this process runs as a user.
	 * @param uid the user's id
	 * @return whether it does
	 * @throws IOException if the system does not tell
	 */
	public static boolean isOwn(int uid) throws IOException {
		return uid == CurrentUser.uid();
	}

	/**
	 * Return whether no other user may do anything with the file.
	 * @return whether all permissions are the owner's
	 */
	public boolean isPrivate() {
		return (this.mode & OTHERS) == 0;
	}

	/**
	 * Return whether other users may write to the file, or make files in the directory.
	 * @return whether they may
	 */
	public boolean isWritableByOthers() {
		return (this.mode & OTHERS_WRITE) != 0;
	}

	/**
	 * Return whether a file in this directory can be renamed or deleted by its owner and
	 * by the directory's owner alone, see {@code inode(7)}.
	 * @return whether it has the sticky bit
	 */
	public boolean isSticky() {
		return (this.mode & STICKY) != 0;
	}

}
