package io.github.clusterboot.environment;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.system.ApplicationTemp;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link WorkerSessionStore}.
 */
class WorkerSessionStoreTests {

	private static final String STORE_DIRECTORY = "server.servlet.session.store-dir";

	@AfterEach
	void deleteDirectories() {
		FileSystemUtils.deleteRecursively(new ApplicationTemp().getDir());
	}

	@Test
	void separateWhenSessionsArePersistentGivesEachWorkerADirectory() {
		Path temporary = new ApplicationTemp().getDir().toPath();
		String first = storeDirectory("0", Map.of("server.servlet.session.persistent", "true"));
		String second = storeDirectory("1", Map.of("server.servlet.session.persistent", "on"));
		assertThat(Path.of(first)).isEqualTo(temporary.resolve("servlet-sessions-0")).isDirectory();
		assertThat(Path.of(second)).isEqualTo(temporary.resolve("servlet-sessions-1")).isDirectory();
	}

	@Test
	void separateWhenSessionsAreNotPersistentSetsNothing() {
		assertThat(storeDirectory("0", Map.of())).isNull();
		assertThat(storeDirectory("0", Map.of("server.servlet.session.persistent", "false"))).isNull();
	}

	/**
	 * Fault A11, for sessions.
	 */
	@Test
	void separateWhenDirectoryIsSharedGivesEachWorkerOneInIt() {
		assertThat(storeDirectory("1",
				Map.of("server.servlet.session.persistent", "true", "server.servlet.session.storeDir", "sessions")))
			.isEqualTo("sessions/worker-1");
	}

	@Test
	void separateWhenDirectoryTellsWorkersApartLeavesItAlone() {
		assertThat(storeDirectory("1", Map.of("server.servlet.session.persistent", "true",
				"server.servlet.session.store-dir", "sessions-${cluster.worker.index}")))
			.isEqualTo("sessions-1");
	}

	@Test
	void separateWhenEnvironmentHasBeenAdaptedDoesNotAddAnotherIndex() {
		StandardEnvironment environment = separate("1",
				Map.of("server.servlet.session.persistent", "true", "server.servlet.session.store-dir", "sessions"));
		new WorkerSessionStore(environment).separate();
		assertThat(environment.getProperty(STORE_DIRECTORY)).isEqualTo("sessions/worker-1");
		environment = separate("1", Map.of("server.servlet.session.persistent", "true"));
		new WorkerSessionStore(environment).separate();
		assertThat(environment.getProperty(STORE_DIRECTORY)).endsWith("servlet-sessions-1");
	}

	private static @Nullable String storeDirectory(String index, Map<String, Object> properties) {
		return separate(index, properties).getProperty(STORE_DIRECTORY);
	}

	private static StandardEnvironment separate(String index, Map<String, Object> properties) {
		Map<String, Object> all = new HashMap<>(properties);
		all.put("cluster.worker.index", index);
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources().addFirst(new MapPropertySource("test", all));
		ConfigurationPropertySources.attach(environment);
		new WorkerSessionStore(environment).separate();
		return environment;
	}

}
