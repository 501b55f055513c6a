package io.github.clusterboot.jvm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.springframework.util.unit.DataSize;

/**
 * Makes {@link RunningJvm}s that were started in some way or other.
 */
public final class TestJvm {

	private final List<String> options = new ArrayList<>();

	private final Map<String, String> environment = new HashMap<>();

	private final Map<String, String> properties = new HashMap<>();

	private List<String> commandLine = List.of();

	private String imageOptions = "";

	private DataSize memory = DataSize.ofGigabytes(16);

	private DataSize maximumHeap = DataSize.ofGigabytes(4);

	private boolean trimsNativeHeap;

	public TestJvm() {
		this.properties.put("java.home", System.getProperty("java.home"));
		this.properties.put("java.specification.version", "17");
		launched("com.example.Main", "classes");
	}

	public TestJvm launched(String command, String classPath) {
		this.properties.put("sun.java.command", command);
		this.properties.put("java.class.path", classPath);
		return this;
	}

	public TestJvm options(String... options) {
		this.options.addAll(Arrays.asList(options));
		return this;
	}

	public TestJvm environment(String name, String value) {
		this.environment.put(name, value);
		return this;
	}

	public TestJvm property(String name, String value) {
		this.properties.put(name, value);
		return this;
	}

	public TestJvm withoutProperty(String name) {
		this.properties.remove(name);
		return this;
	}

	public TestJvm commandLine(String... commandLine) {
		this.commandLine = List.of(commandLine);
		return this;
	}

	public TestJvm imageOptions(String imageOptions) {
		this.imageOptions = imageOptions;
		return this;
	}

	public TestJvm memory(DataSize memory, DataSize maximumHeap) {
		this.memory = memory;
		this.maximumHeap = maximumHeap;
		return this;
	}

	public TestJvm trimsNativeHeap(boolean trimsNativeHeap) {
		this.trimsNativeHeap = trimsNativeHeap;
		return this;
	}

	/**
	 * Unless told otherwise, everything.
	 */
	private List<String> visibleCommandLine() {
		if (!this.commandLine.isEmpty()) {
			return this.commandLine;
		}
		List<String> words = new ArrayList<>(List.of("java"));
		words.addAll(this.options);
		words.add("-jar");
		words.add(this.properties.get("java.class.path"));
		words.add(this.properties.get("sun.java.command"));
		return words;
	}

	public RunningJvm get() {
		return new RunningJvm(this.options, this.environment, this.properties, visibleCommandLine(), this.imageOptions,
				new JvmMemory(this.memory, this.maximumHeap, this.trimsNativeHeap));
	}

}
