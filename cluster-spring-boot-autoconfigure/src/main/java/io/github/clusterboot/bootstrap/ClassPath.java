package io.github.clusterboot.bootstrap;

import java.util.Collection;

import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;

/**
 * Looks for classes without loading them: the master must not load what only an
 * application needs.
 */
final class ClassPath {

	private final ClassLoader classLoader;

	ClassPath(@Nullable ClassLoader classLoader) {
		this.classLoader = (classLoader != null) ? classLoader : ClassLoader.getSystemClassLoader();
	}

	static ClassPath ofCurrentThread() {
		return new ClassPath(ClassUtils.getDefaultClassLoader());
	}

	boolean containsAll(Collection<String> classNames) {
		return classNames.stream().allMatch(this::contains);
	}

	boolean contains(String className) {
		return this.classLoader.getResource(ClassUtils.convertClassNameToResourcePath(className) + ".class") != null;
	}

}
