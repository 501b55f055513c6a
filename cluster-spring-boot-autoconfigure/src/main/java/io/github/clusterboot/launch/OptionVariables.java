package io.github.clusterboot.launch;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.github.clusterboot.jvm.OptionString;
import io.github.clusterboot.jvm.OptionWord;
import io.github.clusterboot.master.process.WorkerLaunch;

/**
 * The environment variables from which a worker's JVM takes options. The launcher and the
 * JVM print what they find there, so what came by a file goes to the worker by a file,
 * too. It takes the place of the other one, as the order of the options matters.
 */
final class OptionVariables {

	private final Map<String, List<OptionWord>> variables;

	private final PerWorkerOptions perWorkerOptions;

	private final IdentityPlaceholders placeholders;

	private final WorkerCommandLine commandLine;

	OptionVariables(Map<String, List<OptionWord>> variables, PerWorkerOptions perWorkerOptions,
			IdentityPlaceholders placeholders, WorkerCommandLine commandLine) {
		this.variables = variables;
		this.perWorkerOptions = perWorkerOptions;
		this.placeholders = placeholders;
		this.commandLine = commandLine;
	}

	/**
	 * Make those options that two processes cannot share a worker's own. A variable that
	 * has none is left as it is.
	 * @param environment the worker's environment
	 * @param launch the worker
	 * @throws IOException if a file cannot be written
	 */
	void adapt(Map<String, String> environment, WorkerLaunch launch) throws IOException {
		for (Map.Entry<String, List<OptionWord>> variable : this.variables.entrySet()) {
			List<String> adapted = new ArrayList<>();
			for (OptionWord word : variable.getValue()) {
				adapted.addAll(adapt(word, launch));
			}
			if (adapted.isEmpty() && !variable.getValue().isEmpty()) {
				environment.remove(variable.getKey());
			}
			else if (!adapted.equals(variable.getValue().stream().map(OptionWord::word).toList())) {
				environment.put(variable.getKey(), OptionString.format(this.placeholders.resolve(adapted, launch)));
			}
		}
	}

	private List<String> adapt(OptionWord word, WorkerLaunch launch) throws IOException {
		List<String> adapted = this.perWorkerOptions.adapt(word.options(), launch.index());
		if (adapted.equals(word.options())) {
			return List.of(word.word());
		}
		if (adapted.isEmpty() || !word.isFile()) {
			return adapted;
		}
		return List.of(word.write(this.commandLine.newFile(launch), adapted));
	}

}
