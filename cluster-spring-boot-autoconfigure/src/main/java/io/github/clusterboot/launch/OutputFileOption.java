package io.github.clusterboot.launch;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.clusterboot.environment.IndexedFile;
import io.github.clusterboot.jvm.WorkingDirectory;

/**
 * The JVM options that name a file which the JVM writes.
 */
enum OutputFileOption {

	/**
	 * {@code -Xlog:what:output:decorators:options}, see {@code java -Xlog:help}. The
	 * output may be quoted; what follows {@code async} is none.
	 */
	LOG("(-Xlog:(?!async:)[^:]*:(?:file=)?)(\"[^\"]*\"|[^:]*)(.*)", true),

	/**
	 * Files that HotSpot names with {@code Arguments::copy_expand_pid} or its like.
	 */
	NAMED("(-Xloggc:|-XX:(?:ErrorFile|LogFile)=)(.*)()", true),

	/**
	 * JDK 17 takes {@code %p} as it is here.
	 */
	HEAP_DUMP("(-XX:HeapDumpPath=)(.*)()", false),

	/**
	 * JDK 17 takes {@code %p} as it is here.
	 */
	RECORDING("(-XX:StartFlightRecording[:=](?:.*,)?filename=)(\"[^\"]*\"|[^,]*)(.*)", false);

	private final Pattern pattern;

	private final boolean expandsPid;

	OutputFileOption(String pattern, boolean expandsPid) {
		this.pattern = Pattern.compile(pattern);
		this.expandsPid = expandsPid;
	}

	/**
	 * Return the option for a worker, which writes a file of its own: the worker's index
	 * stands before the extension. A name that has the process id is left alone, and so
	 * is a directory, in which the JVM chooses a name.
	 * @param option any JVM option
	 * @param index the index of the worker
	 * @param directory the worker's directory
	 * @return the option; the same if it names no file that is written
	 */
	static String forWorker(String option, int index, WorkingDirectory directory) {
		return Arrays.stream(values())
			.map((kind) -> kind.pattern.matcher(option).matches() ? kind.replace(option, index, directory) : option)
			.filter((replaced) -> !replaced.equals(option))
			.findFirst()
			.orElse(option);
	}

	private String replace(String option, int index, WorkingDirectory directory) {
		Matcher matcher = this.pattern.matcher(option);
		if (!matcher.matches()) {
			return option;
		}
		String name = matcher.group(2);
		String quote = name.startsWith("\"") ? "\"" : "";
		name = name.substring(quote.length(), name.length() - quote.length());
		if (isShared(name, directory)) {
			return option;
		}
		return matcher.group(1) + quote + IndexedFile.nameOf(name, index) + quote + matcher.group(3);
	}

	private boolean isShared(String name, WorkingDirectory directory) {
		return name.isEmpty() || name.equals("stdout") || name.equals("stderr") || name.startsWith("/dev/")
				|| (this.expandsPid && name.contains("%p")) || isDirectory(name, directory);
	}

	private static boolean isDirectory(String name, WorkingDirectory directory) {
		try {
			return name.endsWith("/") || Files.isDirectory(directory.resolve(name));
		}
		catch (InvalidPathException ex) {
			return false;
		}
	}

}
