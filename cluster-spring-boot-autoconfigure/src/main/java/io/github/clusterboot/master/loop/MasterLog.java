package io.github.clusterboot.master.loop;

import java.time.Duration;
import java.util.function.BiConsumer;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The log of a class that runs in the master: no call waits for the reader of the log,
 * see {@link LogQueue}.
 * <p>
 * All methods may be called from any thread.
 */
public final class MasterLog implements Log {

	private static final Duration TIME_TO_FLUSH = Duration.ofSeconds(1);

	private final Log target;

	private final LogQueue queue;

	MasterLog(Log target, LogQueue queue) {
		this.target = target;
		this.queue = queue;
	}

	/**
	 * Return the log of a class.
	 * @param type the class
	 * @return the log
	 */
	public static Log of(Class<?> type) {
		return of(type.getName());
	}

	public static Log of(String name) {
		return new MasterLog(LogFactory.getLog(name), LogQueue.shared());
	}

	/**
	 * Return the log of a class whose calls do wait.
	 * @param type the class
	 * @return the log
	 */
	static Log directly(Class<?> type) {
		return LogFactory.getLog(type);
	}

	/**
	 * Wait until what has been logged so far is written, for a second at most.
	 */
	public static void flush() {
		LogQueue.shared().flush(TIME_TO_FLUSH);
	}

	private void add(boolean enabled, BiConsumer<Object, @Nullable Throwable> writer, @Nullable Object message,
			@Nullable Throwable failure) {
		if (enabled) {
			// the text of now, not that of when it is written
			String text = String.valueOf(message);
			this.queue.add(() -> writer.accept(text, failure));
		}
	}

	@Override
	public boolean isTraceEnabled() {
		return this.target.isTraceEnabled();
	}

	@Override
	public boolean isDebugEnabled() {
		return this.target.isDebugEnabled();
	}

	@Override
	public boolean isInfoEnabled() {
		return this.target.isInfoEnabled();
	}

	@Override
	public boolean isWarnEnabled() {
		return this.target.isWarnEnabled();
	}

	@Override
	public boolean isErrorEnabled() {
		return this.target.isErrorEnabled();
	}

	@Override
	public boolean isFatalEnabled() {
		return this.target.isFatalEnabled();
	}

	@Override
	public void trace(@Nullable Object message) {
		trace(message, null);
	}

	@Override
	public void trace(@Nullable Object message, @Nullable Throwable failure) {
		add(isTraceEnabled(), this.target::trace, message, failure);
	}

	@Override
	public void debug(@Nullable Object message) {
		debug(message, null);
	}

	@Override
	public void debug(@Nullable Object message, @Nullable Throwable failure) {
		add(isDebugEnabled(), this.target::debug, message, failure);
	}

	@Override
	public void info(@Nullable Object message) {
		info(message, null);
	}

	@Override
	public void info(@Nullable Object message, @Nullable Throwable failure) {
		add(isInfoEnabled(), this.target::info, message, failure);
	}

	@Override
	public void warn(@Nullable Object message) {
		warn(message, null);
	}

	@Override
	public void warn(@Nullable Object message, @Nullable Throwable failure) {
		add(isWarnEnabled(), this.target::warn, message, failure);
	}

	@Override
	public void error(@Nullable Object message) {
		error(message, null);
	}

	@Override
	public void error(@Nullable Object message, @Nullable Throwable failure) {
		add(isErrorEnabled(), this.target::error, message, failure);
	}

	@Override
	public void fatal(@Nullable Object message) {
		fatal(message, null);
	}

	@Override
	public void fatal(@Nullable Object message, @Nullable Throwable failure) {
		add(isFatalEnabled(), this.target::fatal, message, failure);
	}

}
