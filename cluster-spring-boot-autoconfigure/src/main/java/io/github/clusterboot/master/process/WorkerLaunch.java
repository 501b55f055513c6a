package io.github.clusterboot.master.process;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

import io.github.clusterboot.WorkerIdentity;
import io.github.clusterboot.ipc.RunDirectory;

/**
 * What one worker's command line says of that worker alone.
 *
 * @param id see {@link WorkerIdentity#id()}
 * @param index see {@link WorkerIdentity#index()}
 * @param generation see {@link WorkerIdentity#generation()}
 * @param runDirectory the master's run directory, where files for the worker may be put
 */
public record WorkerLaunch(int id, int index, int generation, Path runDirectory) {

	/**
	 * Return the system properties that tell the worker who it is and where its master
	 * is.
	 * @return the properties, in the order in which they should be written
	 */
	public Map<String, String> systemProperties() {
		Map<String, String> properties = new LinkedHashMap<>();
		properties.put(WorkerIdentity.ID_PROPERTY, String.valueOf(this.id));
		properties.put(WorkerIdentity.INDEX_PROPERTY, String.valueOf(this.index));
		properties.put(WorkerIdentity.GENERATION_PROPERTY, String.valueOf(this.generation));
		properties.put(RunDirectory.PROPERTY, this.runDirectory.toString());
		return properties;
	}

}
