package io.github.clusterboot.server.tomcat;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.function.BooleanSupplier;

import org.apache.coyote.ActionCode;
import org.apache.coyote.ActionHook;
import org.apache.coyote.Processor;
import org.apache.coyote.Response;
import org.jspecify.annotations.Nullable;

/**
 * Puts {@code Connection: close} into the head of an HTTP/1.1 answer that is sent during
 * a drain, also where the request came before it. Tomcat sees the header and ends the
 * connection with the answer.
 * <p>
 * The head is known to be complete when the answer is committed, and of that Tomcat tells
 * the hook of its {@link Response} alone, for which it has a setter that is not public.
 * The class is in no named module, so it can be reached. Where it is not as expected, the
 * answers are as ever, and their connections are idle next.
 */
final class LastAnswerHook implements ActionHook {

	private static final int SWITCHING_PROTOCOLS = 101;

	private static final @Nullable MethodHandle SET_HOOK = findSetHook();

	private final ActionHook processor;

	private final Response response;

	private final BooleanSupplier draining;

	private LastAnswerHook(ActionHook processor, Response response, BooleanSupplier draining) {
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
	static void install(Processor processor, BooleanSupplier draining) {
		if (SET_HOOK != null && processor instanceof ActionHook hook) {
			Response response = processor.getRequest().getResponse();
			try {
				SET_HOOK.invokeExact(response, (ActionHook) new LastAnswerHook(hook, response, draining));
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
		if (code == ActionCode.COMMIT && this.draining.getAsBoolean() && !this.response.isCommitted()
				&& this.response.getStatus() != SWITCHING_PROTOCOLS) {
			this.response.getMimeHeaders().setValue("Connection").setString("close");
		}
		this.processor.action(code, parameter);
	}

}
