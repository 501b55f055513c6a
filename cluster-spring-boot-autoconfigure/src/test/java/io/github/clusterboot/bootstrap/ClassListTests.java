package io.github.clusterboot.bootstrap;

import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ClassList}.
 */
class ClassListTests {

	@TempDir
	Path directory;

	@Test
	void writeKeepsTheClassesThatHaveAFile() throws Exception {
		Path log = Files.writeString(this.directory.resolve("log"), """
				java.lang.Object source: shared objects file
				com.example.Main source: jar:nested:/app.jar/!BOOT-INF/classes/!/
				com.example.Main source: jar:nested:/app.jar/!BOOT-INF/classes/!/
				com.example.Main$$Lambda$1/0x0000000800c03000 source: com.example.Main
				java.lang.invoke.LambdaForm$MH/0x0000000800c03400 source: __JVM_LookupDefineClass__
				com.example.Main$$SpringCGLIB$$0 source: __ClassLoader::defineClass__
				jdk.proxy2.$Proxy3 source: com.example.Main
				[warning] something else
				com.example.Half sou""");
		Path list = this.directory.resolve("list");
		assertThat(ClassList.write(log, list)).isEqualTo(2);
		assertThat(list).hasContent("java/lang/Object\ncom/example/Main");
	}

}
