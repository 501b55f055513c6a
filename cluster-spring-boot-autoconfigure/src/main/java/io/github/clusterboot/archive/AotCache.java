package io.github.clusterboot.archive;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

import io.github.clusterboot.archive.BackgroundCommand.Priority;
import io.github.clusterboot.jvm.AgentOption;
import io.github.clusterboot.jvm.LaunchCommand;
import org.jspecify.annotations.Nullable;

/**
 * An AOT cache that the user has made (JEP 483), which workers may not be able to use: it
 * has to be made with the module options that they have. HotSpot alone knows, so a JVM
 * that runs nothing is asked.
 *
 * @param option the option that names the cache; {@code null} if there is none that has
 * to be left aside
 * @param failure why it has to be
 */
public record AotCache(@Nullable String option, String failure) {

	private static final AotCache NONE = new AotCache(null, "");

	private static final String READS = "-XX:AOTCache=";

	private static final String MODE = "-XX:AOTMode=";

	private static final String OFF = MODE + "off";

	/**
	 * What HotSpot compares, and the collector, which decides whether it can read the
	 * objects in the cache.
	 */
	private static final Pattern COMPARED = Pattern.compile(ArchiveOptions.MATTERS.pattern() + "|-XX:[+-]Use\\w*GC");

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	/**
	 * Try the cache. Takes as long as a JVM takes to start, if there is one. A JVM with
	 * an agent, which may change classes, uses none at all. The option stays if the JVM
	 * cannot be asked.
	 * @param launch how workers are started
	 * @param options all options of a worker
	 * @return the cache
	 */
	public static AotCache of(LaunchCommand launch, List<String> options) {
		return of(launch, options, TIMEOUT);
	}

	static AotCache of(LaunchCommand launch, List<String> options, Duration timeout) {
		String option = last(options, READS);
		if (option == null || OFF.equals(last(options, MODE)) || options.stream().anyMatch(AgentOption::matches)) {
			return NONE;
		}
		try (BackgroundCommand probe = BackgroundCommand.start(Priority.NORMAL, launch.directory(),
				probe(launch, options, option))) {
			probe.await(timeout);
			return NONE;
		}
		catch (CommandFailedException ex) {
			return new AotCache(option, String.valueOf(ex.getMessage()).replace("\n", "; "));
		}
		catch (IOException ex) {
			return NONE;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return NONE;
		}
	}

	private static @Nullable String last(List<String> options, String prefix) {
		return options.stream()
			.filter((option) -> option.startsWith(prefix))
			.reduce((first, second) -> second)
			.orElse(null);
	}

	private static List<String> probe(LaunchCommand launch, List<String> options, String option) {
		List<String> command = new ArrayList<>(List.of(launch.java().toString()));
		options.stream().filter((candidate) -> COMPARED.matcher(candidate).matches()).forEach(command::add);
		String classPath = launch.classPath().isEmpty() ? launch.program().get(1) : launch.classPath().get(1);
		command.addAll(List.of(option, MODE + "on", "-Xlog:disable", "-Xlog:all=error:stderr:none", "-cp", classPath,
				"-version"));
		return command;
	}

	/**
	 * Return whether a worker must not have the option.
	 * @param candidate the option
	 * @return whether to leave it out
	 */
	public boolean excludes(String candidate) {
		return this.option != null && (candidate.startsWith(READS) || candidate.startsWith(MODE));
	}

	/**
	 * Return what the user should know.
	 * @param additional the options that every worker has
	 * @return a warning, or an empty list
	 */
	public List<String> warnings(List<String> additional) {
		if (this.option == null) {
			return List.of();
		}
		return List.of("Workers cannot use %s, and do without it (%s). Make it with these options, too: %s"
			.formatted(this.option, this.failure, String.join(" ", additional)));
	}

}
