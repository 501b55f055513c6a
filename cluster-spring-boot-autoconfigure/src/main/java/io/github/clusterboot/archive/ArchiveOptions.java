package io.github.clusterboot.archive;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

import io.github.clusterboot.jvm.AgentOption;

/**
 * The JVM options that have to do with an archive of classes: those of the user that rule
 * one out, those that its making and its use must have in common, and our own.
 *
 * @param possible whether an archive can be used beside the user's options
 * @param common the options with which the archive is made; part of its key
 * @param feature the release of Java
 */
record ArchiveOptions(boolean possible, List<String> common, int feature) {

	/**
	 * With these the user has chosen an archive or none, or a system of modules for which
	 * HotSpot makes none, see
	 * {@code Arguments::check_unsupported_cds_runtime_properties}.
	 */
	private static final Pattern RULES_OUT = Pattern.compile("-Xrun.*|-Xdebug|-Xshare:.*|-Xbootclasspath.*"
			+ "|-XX:[+-]?(?:Shared(?:ArchiveFile|ArchiveConfigFile|ClassListFile)|ArchiveClassesAtExit"
			+ "|DumpLoadedClassList|DumpSharedSpaces|DynamicDumpSharedSpaces|AutoCreateSharedArchive"
			+ "|RecordDynamicDumpInfo|UseSharedSpaces|VerifySharedSpaces|AOT\\w*)(?:=.*)?"
			+ "|--(?:patch-module|upgrade-module-path|limit-modules|module-path)(?:=.*)?"
			+ "|-Djava\\.system\\.class\\.loader=.*");

	/**
	 * How objects and classes are laid out, the module graph, and verification.
	 */
	static final Pattern MATTERS = Pattern
		.compile("-Xmx.*|-XX:\\+AggressiveHeap|-XX:(?:MaxHeapSize|MaxRAM|MaxRAM(?:Percentage|Fraction)"
				+ "|G1HeapRegionSize|ObjectAlignmentInBytes)=.*|-XX:[+-](?:UseZGC|ZGenerational|UseShenandoahGC"
				+ "|UseCompressedOops|UseCompressedClassPointers|UseCompactObjectHeaders"
				+ "|Unlock(?:Experimental|Diagnostic)VMOptions|BytecodeVerification.*)|-Xverify.*|--enable-preview"
				+ "|--(?:add-modules|add-opens|add-exports|add-reads|enable-native-access|illegal-native-access)=.*");

	private static final Pattern WITHOUT_ARCHIVED_OBJECTS = Pattern.compile("-XX:\\+Use(?:Z|Shenandoah)GC");

	/**
	 * Classes that are linked before the application starts (JEP 483). JDK 24 refuses
	 * them in a worker, which has to have {@code --add-opens}.
	 */
	private static final int LINKS_CLASSES = 25;

	/**
	 * The first release that logs under {@code aot} what earlier ones log under
	 * {@code cds}.
	 */
	private static final int LOGS_AS_AOT = 25;

	/**
	 * Sort the options.
	 * @param feature the release of Java
	 * @param options all options of a worker
	 * @return what matters
	 */
	static ArchiveOptions of(int feature, List<String> options) {
		boolean possible = options.stream().noneMatch(ArchiveOptions::rulesOut);
		List<String> common = new ArrayList<>(
				options.stream().filter((option) -> MATTERS.matcher(option).matches()).toList());
		if (options.stream().noneMatch((option) -> WITHOUT_ARCHIVED_OBJECTS.matcher(option).matches())) {
			// Only G1 writes objects into an archive; the smaller collectors read them
			common.add("-XX:+UseG1GC");
			if (feature >= LINKS_CLASSES) {
				common.add("-XX:+AOTClassLinking");
			}
		}
		return new ArchiveOptions(possible, List.copyOf(common), feature);
	}

	/**
	 * Agents may change classes as they are loaded, so an archive would be used in part
	 * or not at all.
	 */
	private static boolean rulesOut(String option) {
		return AgentOption.matches(option) || RULES_OUT.matcher(option).matches();
	}

	/**
	 * Return the options of a JVM that makes an archive and runs nothing.
	 * @param classList the names of the classes
	 * @param archive the file to write
	 * @return the options
	 */
	List<String> toMake(Path classList, Path archive) {
		List<String> options = new ArrayList<>(this.common);
		options.addAll(List.of("-Xshare:dump", "-XX:SharedClassListFile=" + classList,
				"-XX:SharedArchiveFile=" + archive, "-Xlog:disable", "-Xlog:all=error:stderr"));
		return options;
	}

	/**
	 * Return the options of a JVM that ends with an error if it cannot use an archive.
	 * @param archive the archive
	 * @return the options
	 */
	List<String> toTry(Path archive) {
		List<String> options = new ArrayList<>(this.common);
		options.remove("-XX:+AOTClassLinking");
		options.addAll(List.of("-Xshare:on", "-XX:SharedArchiveFile=" + archive, "-XX:+VerifySharedSpaces"));
		return options;
	}

	/**
	 * Return the options of a worker that uses an archive. One that it cannot use it
	 * passes over, and says nothing. These options come ahead of the user's.
	 * @param archive the archive
	 * @return the options
	 */
	List<String> toUse(Path archive) {
		return List.of("-XX:SharedArchiveFile=" + archive, "-XX:+VerifySharedSpaces",
				"-Xlog:cds*=off" + ((this.feature >= LOGS_AS_AOT) ? ",aot*=off" : ""));
	}

	/**
	 * Return the options of a worker that writes down which classes it loads, lambdas
	 * among them.
	 * @param list the file
	 * @return the options
	 */
	static List<String> toRecord(Path list) {
		return List.of("-XX:DumpLoadedClassList=" + list);
	}

}
