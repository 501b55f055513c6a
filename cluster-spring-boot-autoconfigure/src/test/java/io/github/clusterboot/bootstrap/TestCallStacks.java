package io.github.clusterboot.bootstrap;

import java.util.ArrayList;
import java.util.List;

import io.github.clusterboot.bootstrap.CallStack.Frame;
import org.jspecify.annotations.Nullable;

import org.springframework.asm.ClassWriter;
import org.springframework.asm.Opcodes;

/**
 * Call stacks as they are while an application starts.
 */
final class TestCallStacks {

	private static final String BUILDER = "org.springframework.boot.builder.SpringApplicationBuilder";

	/**
	 * The main class of the program that the JVM was launched for.
	 */
	static final String MAIN_CLASS = "com.example.Main";

	private static final ClassLoader LOADER = loaderOf(MAIN_CLASS, TestCallStacks.class.getClassLoader());

	private TestCallStacks() {
	}

	/**
	 * Return the stack of {@code SpringApplication.run} in {@code main}.
	 */
	static CallStack inMain() {
		return with();
	}

	/**
	 * Return the stack of {@code SpringApplication.run}, called from the given frames.
	 * @param callers the callers of {@code main}'s place, the innermost first;
	 * {@code main} itself stands below them
	 */
	static CallStack with(Frame... callers) {
		List<Frame> frames = new ArrayList<>(run());
		frames.addAll(List.of(callers));
		frames.add(frame("com.example.App", "main"));
		return new CallStack(frames);
	}

	/**
	 * Return the stack of {@code SpringApplication.run}, called from the given frames and
	 * no other.
	 */
	static CallStack only(Frame... callers) {
		List<Frame> frames = new ArrayList<>(run());
		frames.addAll(List.of(callers));
		return new CallStack(frames);
	}

	/**
	 * Return the stack of the constructor of {@code SpringApplication} in {@code main}.
	 */
	static CallStack constructing() {
		return new CallStack(List.of(frame("org.springframework.boot.SpringApplication", "<init>"),
				frame("com.example.App", "main")));
	}

	/**
	 * Return the stack of an application that runs inside another one's start.
	 */
	static CallStack nested() {
		List<Frame> frames = new ArrayList<>(run());
		frames.add(frame("org.springframework.cloud.bootstrap.BootstrapApplicationListener", "onApplicationEvent"));
		frames.addAll(run());
		frames.add(frame("com.example.App", "main"));
		return new CallStack(frames);
	}

	/**
	 * Return the stack of an application that a thread other than that of {@code main}
	 * starts.
	 * @param className the class whose code the thread executes
	 */
	static CallStack onThread(String className) {
		return onThread(className, LOADER);
	}

	static CallStack onThread(String className, ClassLoader classLoader) {
		return only(frame(className, "lambda$main$0", classLoader), frame("java.lang.Thread", "run", null));
	}

	/**
	 * Return the stack of the parent's run, which that of the child calls.
	 */
	static CallStack parentOfAnother() {
		return with(frame(BUILDER, "run"), frame(BUILDER, "configureAsChildIfNecessary"), frame(BUILDER, "run"));
	}

	/**
	 * Return the stack of the child's run, after that of the parent.
	 */
	static CallStack childOfAnother() {
		return with(frame(BUILDER, "run"));
	}

	static Frame frame(String className, String methodName) {
		return frame(className, methodName, LOADER);
	}

	static Frame frame(String className, String methodName, @Nullable ClassLoader classLoader) {
		return new Frame(className, methodName, "()V", classLoader);
	}

	/**
	 * Return a loader that has one class, which is empty.
	 * @param className the name of the class
	 * @param parent the loader of all others
	 */
	static ClassLoader loaderOf(String className, @Nullable ClassLoader parent) {
		return new ClassLoader(parent) {

			@Override
			protected Class<?> findClass(String name) throws ClassNotFoundException {
				if (!name.equals(className)) {
					throw new ClassNotFoundException(name);
				}
				ClassWriter writer = new ClassWriter(0);
				writer.visit(Opcodes.V17, Opcodes.ACC_PUBLIC, name.replace('.', '/'), null, "java/lang/Object", null);
				byte[] bytes = writer.toByteArray();
				return defineClass(name, bytes, 0, bytes.length);
			}

		};
	}

	private static List<Frame> run() {
		String application = "org.springframework.boot.SpringApplication";
		String context = "Lorg/springframework/context/ConfigurableApplicationContext;";
		return List.of(frame("io.github.clusterboot.bootstrap.ClusterEnvironmentListener", "decide"),
				new Frame(application, "run", "([Ljava/lang/String;)" + context, LOADER),
				new Frame(application, "run", "([Ljava/lang/Class;[Ljava/lang/String;)" + context, LOADER),
				new Frame(application, "run", "(Ljava/lang/Class;[Ljava/lang/String;)" + context, LOADER));
	}

}
