package io.github.clusterboot.ipc;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

import org.jspecify.annotations.Nullable;

/**
 * How values of one type are written and read. May be used by any thread.
 *
 * @param <T> the type
 */
interface ValueFormat<T extends @Nullable Object> {

	/**
	 * Write a value.
	 * @param value the value
	 * @param out where to
	 * @throws IOException if that cannot be written to
	 */
	void write(T value, DataOutputStream out) throws IOException;

	/**
	 * Read a value.
	 * @param in where from; all that there is to be read is available
	 * @return the value
	 * @throws IOException if there is none
	 */
	T read(DataInputStream in) throws IOException;

	/**
	 * Return a format of two functions.
	 * @param <T> the type
	 * @param writer writes a value
	 * @param reader reads a value
	 * @return the format
	 */
	static <T extends @Nullable Object> ValueFormat<T> of(Writer<T> writer, Reader<T> reader) {
		return new ValueFormat<>() {

			@Override
			public void write(T value, DataOutputStream out) throws IOException {
				writer.write(value, out);
			}

			@Override
			public T read(DataInputStream in) throws IOException {
				return reader.read(in);
			}

		};
	}

	/**
	 * Writes a value.
	 *
	 * @param <T> the type
	 */
	@FunctionalInterface
	interface Writer<T extends @Nullable Object> {

		void write(T value, DataOutputStream out) throws IOException;

	}

	/**
	 * Reads a value.
	 *
	 * @param <T> the type
	 */
	@FunctionalInterface
	interface Reader<T extends @Nullable Object> {

		T read(DataInputStream in) throws IOException;

	}

}
