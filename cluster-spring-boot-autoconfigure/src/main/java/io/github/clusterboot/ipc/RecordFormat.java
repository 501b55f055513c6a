package io.github.clusterboot.ipc;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * The format of a record: its components in their order.
 */
final class RecordFormat implements ValueFormat<Object> {

	private static final Map<Class<?>, RecordFormat> FORMATS = new ConcurrentHashMap<>();

	private final Constructor<?> constructor;

	private final Method[] accessors;

	private final ValueFormat<@Nullable Object>[] formats;

	@SuppressWarnings("unchecked")
	private RecordFormat(Class<?> type) throws NoSuchMethodException {
		RecordComponent[] components = type.getRecordComponents();
		this.constructor = type
			.getDeclaredConstructor(Stream.of(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
		this.accessors = Stream.of(components).map(RecordComponent::getAccessor).toArray(Method[]::new);
		this.formats = Stream.of(components)
			.map((component) -> ValueFormats.of(component.getAnnotatedType()))
			.toArray(ValueFormat[]::new);
	}

	/**
	 * Return the format of a record.
	 * @param type the record's class
	 * @return the format
	 */
	static RecordFormat of(Class<?> type) {
		RecordFormat known = FORMATS.get(type);
		if (known != null) {
			return known;
		}
		try {
			RecordFormat format = new RecordFormat(type);
			FORMATS.put(type, format);
			return format;
		}
		catch (NoSuchMethodException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public void write(Object value, DataOutputStream out) throws IOException {
		for (int i = 0; i < this.formats.length; i++) {
			this.formats[i].write(component(value, i), out);
		}
	}

	private @Nullable Object component(Object value, int index) {
		try {
			return this.accessors[index].invoke(value);
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public Object read(DataInputStream in) throws IOException {
		@Nullable Object[] components = new Object[this.formats.length];
		for (int i = 0; i < components.length; i++) {
			components[i] = this.formats[i].read(in);
		}
		try {
			return this.constructor.newInstance(components);
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
