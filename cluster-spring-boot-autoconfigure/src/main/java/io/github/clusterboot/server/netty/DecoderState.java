package io.github.clusterboot.server.netty;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Arrays;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInboundHandler;
import io.netty.channel.CombinedChannelDuplexHandler;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http.HttpObjectDecoder;
import io.netty.handler.codec.http.HttpServerCodec;
import org.jspecify.annotations.Nullable;

/**
 * The position of a connection's decoder in the stream: whether it has bytes that it has
 * not decoded, or is in the middle of a message.
 * <p>
 * There is no public API for either: the bytes are
 * {@code ByteToMessageDecoder.cumulation}, the position is
 * {@code HttpObjectDecoder.currentState}. The classes are not in a named module, so they
 * can be reached. If they are not as expected, nothing is known, and the connections end
 * with their next answer instead of being handed back.
 */
final class DecoderState {

	private static final @Nullable MethodHandle DECODER_OF;

	private static final @Nullable MethodHandle READABLE_BYTES;

	private static final @Nullable MethodHandle STATE;

	static {
		MethodHandle[] handles = find();
		DECODER_OF = (handles != null) ? handles[0] : null;
		READABLE_BYTES = (handles != null) ? handles[1] : null;
		STATE = (handles != null) ? handles[2] : null;
	}

	private final HttpObjectDecoder decoder;

	private final Object initial;

	private DecoderState(HttpObjectDecoder decoder, Object initial) {
		this.decoder = decoder;
		this.initial = initial;
	}

	private static MethodHandle @Nullable [] find() {
		try {
			MethodHandles.Lookup codec = lookupIn(CombinedChannelDuplexHandler.class);
			MethodHandles.Lookup bytes = lookupIn(ByteToMessageDecoder.class);
			MethodHandles.Lookup http = lookupIn(HttpObjectDecoder.class);
			Class<?> state = Arrays.stream(HttpObjectDecoder.class.getDeclaredClasses())
				.filter((nested) -> nested.isEnum() && nested.getSimpleName().equals("State"))
				.findFirst()
				.orElseThrow(ClassNotFoundException::new);
			return new MethodHandle[] {
					codec
						.findVirtual(CombinedChannelDuplexHandler.class, "inboundHandler",
								MethodType.methodType(ChannelInboundHandler.class))
						.asType(MethodType.methodType(ChannelInboundHandler.class, HttpServerCodec.class)),
					bytes.findVirtual(ByteToMessageDecoder.class, "actualReadableBytes",
							MethodType.methodType(int.class)),
					http.findGetter(HttpObjectDecoder.class, "currentState", state)
						.asType(MethodType.methodType(Object.class, HttpObjectDecoder.class)) };
		}
		catch (ReflectiveOperationException ex) {
			return null;
		}
	}

	private static MethodHandles.Lookup lookupIn(Class<?> type) throws IllegalAccessException {
		return MethodHandles.privateLookupIn(type, MethodHandles.lookup());
	}

	/**
	 * Return the state of a codec.
	 * @param codec the codec of a new connection
	 * @return the state, or {@code null} if it is not known
	 */
	static @Nullable DecoderState of(HttpServerCodec codec) {
		try {
			if (DECODER_OF != null && STATE != null
					&& (ChannelInboundHandler) DECODER_OF.invokeExact(codec) instanceof HttpObjectDecoder decoder) {
				return new DecoderState(decoder, (Object) STATE.invokeExact(decoder));
			}
			return null;
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Return whether a handler has decoded all its bytes.
	 * @param handler the handler, which need not be a decoder
	 * @return whether none is left
	 */
	static boolean isEmpty(ChannelHandler handler) {
		try {
			return !(handler instanceof ByteToMessageDecoder decoder)
					|| (READABLE_BYTES != null && (int) READABLE_BYTES.invokeExact(decoder) == 0);
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Return whether the decoder is in the state in which it was before the first byte.
	 * @return whether nothing of a next request has been read
	 */
	boolean isBetweenRequests() {
		try {
			return isEmpty(this.decoder) && STATE != null && (Object) STATE.invokeExact(this.decoder) == this.initial;
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

}
