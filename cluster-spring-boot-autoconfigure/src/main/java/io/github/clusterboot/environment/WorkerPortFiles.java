package io.github.clusterboot.environment;

import java.io.File;
import java.util.ArrayList;
import java.util.List;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.system.SystemProperties;
import org.springframework.boot.web.server.context.WebServerPortFileWriter;
import org.springframework.context.ApplicationListener;
import org.springframework.util.StringUtils;

/**
 * The files of the {@link WebServerPortFileWriter}s that an application was given before
 * it is run, in a worker: their names have its index.
 */
final class WorkerPortFiles {

	/**
	 * Not by its class, which is not loaded unless there is one.
	 */
	private static final String WRITER = "org.springframework.boot.web.server.context.WebServerPortFileWriter";

	/**
	 * What the writer looks for when it is made.
	 */
	private static final String[] VARIABLES = { "PORTFILE", "portfile" };

	/**
	 * The system property with the name that the variable was given here. It belongs to
	 * the JVM, as the variable does, in which one application may follow another, or run
	 * inside its start.
	 */
	private static final String SEPARATED = "io.github.clusterboot.port-file";

	private WorkerPortFiles() {
	}

	/**
	 * Give a worker files of its own: by the variable, for writers that are made later,
	 * and by other writers in the place of those that there are. One of a class of the
	 * application's is left alone.
	 * @param application the application
	 * @param index the worker's index
	 */
	static void separate(SpringApplication application, int index) {
		separateVariable(index);
		List<ApplicationListener<?>> writers = FileWriters.of(application, WRITER);
		if (!writers.isEmpty()) {
			List<ApplicationListener<?>> listeners = new ArrayList<>(application.getListeners());
			listeners.replaceAll((listener) -> writers.contains(listener) ? Replacement.of(listener, index) : listener);
			application.setListeners(listeners);
		}
	}

	private static void separateVariable(int index) {
		String name = SystemProperties.get(VARIABLES);
		if (StringUtils.hasLength(name) && !name.equals(System.getProperty(SEPARATED))) {
			String separated = IndexedFile.nameOf(name, index);
			System.setProperty(SEPARATED, separated);
			System.setProperty(VARIABLES[0], separated);
		}
	}

	/**
	 * The only code that loads the writer's class.
	 */
	private static final class Replacement {

		private Replacement() {
		}

		static ApplicationListener<?> of(ApplicationListener<?> writer, int index) {
			File file = FileWriters.fileOf(writer);
			if (file == null || writer.getClass() != WebServerPortFileWriter.class) {
				return writer;
			}
			return new IndexedWriter(nameOf(file, index));
		}

		/**
		 * The variable has the indexed name by now, and the writer prefers it.
		 */
		private static String nameOf(File file, int index) {
			return IndexedFile.nameOf(file.getPath(), index);
		}

	}

	/**
	 * Has a class of its own, so that it is not replaced when its application is run once
	 * more.
	 */
	private static final class IndexedWriter extends WebServerPortFileWriter {

		IndexedWriter(String name) {
			super(name);
		}

	}

}
