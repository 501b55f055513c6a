package io.github.clusterboot.server.jetty;

import java.nio.ByteBuffer;
import java.util.function.BooleanSupplier;

import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Adds {@code Connection: close} to each HTTP/1 answer that is sent during a drain, even
 * if the request came before it. Jetty sees the field and ends the connection with the
 * answer: it sends the rest, and then reads until the client has closed, so that nothing
 * is reset.
 * <p>
 * If the length is not known, Jetty would then send the body without chunks, so that the
 * end of the connection is the only end of the answer, and a broken one looks complete.
 * It always sends chunks if the field {@code Transfer-Encoding} asks for them (see
 * {@code org.eclipse.jetty.http.HttpGenerator}).
 */
final class LastAnswers implements HttpConfiguration.Customizer {

	@Override
	public Request customize(Request request, HttpFields.Mutable responseHeaders) {
		if (request.getConnectionMetaData().getHttpVersion().getVersion() <= HttpVersion.HTTP_1_1.getVersion()
				&& request.getConnectionMetaData().getConnector() instanceof ClusterServerConnector connector) {
			request.addHttpStreamWrapper((stream) -> new Stream(stream, connector::isDraining));
		}
		return request;
	}

	private static final class Stream extends HttpStream.Wrapper {

		private final BooleanSupplier draining;

		private Stream(HttpStream wrapped, BooleanSupplier draining) {
			super(wrapped);
			this.draining = draining;
		}

		/**
		 * Jetty calls this with the head of the answer once that is complete.
		 */
		@Override
		public void send(MetaData.Request request, MetaData.@Nullable Response response, boolean last,
				@Nullable ByteBuffer content, Callback callback) {
			boolean end = response != null && this.draining.getAsBoolean() && isAnswer(request, response);
			super.send(request, end ? ending(response, last) : response, last, content, callback);
		}

		/**
		 * After any other response the connection goes on, or changes its protocol.
		 */
		private static boolean isAnswer(MetaData.Request request, MetaData.Response response) {
			return response.getStatus() >= HttpStatus.OK_200
					&& !MetaData.isTunnel(request.getMethod(), response.getStatus());
		}

		private static MetaData.Response ending(MetaData.Response response, boolean last) {
			HttpFields.Mutable fields = HttpFields.build(response.getHttpFields());
			if (!fields.contains(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE.asString())) {
				fields.add(HttpFields.CONNECTION_CLOSE);
			}
			if (!last && isOfUnknownLength(response) && !fields.contains(HttpHeader.TRANSFER_ENCODING)) {
				fields.add(HttpHeader.TRANSFER_ENCODING, HttpHeaderValue.CHUNKED.asString());
			}
			return new MetaData.Response(response.getStatus(), response.getReason(), response.getHttpVersion(), fields,
					response.getContentLength(), response.getTrailersSupplier());
		}

		private static boolean isOfUnknownLength(MetaData.Response response) {
			return response.getContentLength() < 0 && response.getStatus() != HttpStatus.NO_CONTENT_204
					&& response.getStatus() != HttpStatus.NOT_MODIFIED_304;
		}

	}

}
