package io.github.clusterboot.server.tomcat;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.function.BooleanSupplier;

import org.apache.coyote.ActionCode;
import org.apache.coyote.ActionHook;
import org.apache.coyote.Request;
import org.apache.coyote.Response;
import org.apache.coyote.http11.Constants;
import org.apache.tomcat.util.http.Method;
import org.jspecify.annotations.Nullable;

/**
 * Adds {@code Connection: close} to an HTTP/1.1 answer that is sent during a drain, even
 * if the request came before it. Tomcat sees the header and ends the connection with the
 * answer.
 * <p>
 * The head is complete when the answer is committed. Tomcat reports that only to the hook
 * of its {@link Response}, whose setter is not public. The class is not in a named
 * module, so it can be reached. If it is not as expected, answers are left unchanged, and
 * their connections are idle next.
 * <p>
 * Tomcat would do two things to such an answer (see {@code Http11Processor}):
 * <ul>
 * <li>If the length is not known, it would send the body without chunks, so that the end
 * of the connection is the only end of the answer, and a broken one looks complete. It
 * always sends chunks if there are trailer fields.</li>
 * <li>After an asynchronous answer it would close the connection without reading the rest
 * of the request, and the kernel would reset it. So an answer to a request that has not
 * been read to its end is left alone; its connection is idle next.</li>
 * </ul>
 * The hook also knows when an exchange is complete, which says how the connection may be
 * closed.
 */
final class LastAnswerHook implements ActionHook {

	private static final int SWITCHING_PROTOCOLS = 101;

	private static final @Nullable MethodHandle SET_HOOK = findSetHook();

	private final ClusterHttp11Processor processor;

	private final Response response;

	private final BooleanSupplier draining;

	private LastAnswerHook(ClusterHttp11Processor processor, Response response, BooleanSupplier draining) {
		this.processor = processor;
		this.response = response;
		this.draining = draining;
	}

	private static @Nullable MethodHandle findSetHook() {
		try {
			return MethodHandles.privateLookupIn(Response.class, MethodHandles.lookup())
				.findVirtual(Response.class, "setHook", MethodType.methodType(void.class, ActionHook.class));
		}
		catch (ReflectiveOperationException ex) {
			return null;
		}
	}

	/**
	 * Watch the answers of a processor.
	 * @param processor a new processor
	 * @param draining whether the server drains
	 */
	static void install(ClusterHttp11Processor processor, BooleanSupplier draining) {
		if (SET_HOOK != null) {
			Response response = processor.getRequest().getResponse();
			try {
				SET_HOOK.invokeExact(response, (ActionHook) new LastAnswerHook(processor, response, draining));
			}
			catch (RuntimeException | Error ex) {
				throw ex;
			}
			catch (Throwable ex) {
				throw new IllegalStateException(ex);
			}
		}
	}

	@Override
	public void action(ActionCode code, Object parameter) {
		if (code == ActionCode.COMMIT) {
			this.processor.exchangeGoesOn();
			if (isLastAnswer()) {
				this.response.getMimeHeaders().setValue("Connection").setString("close");
			}
		}
		this.processor.action(code, parameter);
		if (code == ActionCode.CLOSE) {
			this.processor.exchangeEnds();
		}
	}

	private boolean isLastAnswer() {
		return this.draining.getAsBoolean() && !this.response.isCommitted()
				&& this.response.getStatus() != SWITCHING_PROTOCOLS && this.processor.isRequestRead();
	}

	/**
	 * Make Tomcat send an HTTP/1.1 answer of unknown length in chunks, although the
	 * connection ends with it.
	 * @param request the request
	 * @param response the answer, whose length no longer changes
	 */
	static void keepChunking(Request request, Response response) {
		if (response.getContentLengthLong() < 0 && response.getTrailerFields() == null
				&& request.protocol().equals(Constants.HTTP_11) && !Method.HEAD.equals(request.getMethod())) {
			// without fields the bytes are those of any answer in chunks
			response.setTrailerFields(() -> null);
		}
	}

}
