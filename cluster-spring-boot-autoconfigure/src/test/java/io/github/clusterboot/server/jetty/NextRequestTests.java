package io.github.clusterboot.server.jetty;

import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoInteractions;
import static org.mockito.Mockito.verifyNoMoreInteractions;

/**
 * Tests for {@link NextRequest}.
 */
class NextRequestTests {

	private final Callback reader = mock(Callback.class);

	private final NextRequest nextRequest = new NextRequest(this.reader);

	@Test
	void succeededMakesTheReaderReadOnce() {
		this.nextRequest.succeeded();
		this.nextRequest.succeeded();
		this.nextRequest.failed(new IllegalStateException());
		verify(this.reader).succeeded();
		verifyNoMoreInteractions(this.reader);
		assertThat(this.nextRequest.isTaken()).isTrue();
		assertThat(this.nextRequest.take()).isFalse();
	}

	@Test
	void failedTellsTheReaderOnce() {
		IllegalStateException cause = new IllegalStateException();
		this.nextRequest.failed(cause);
		this.nextRequest.succeeded();
		verify(this.reader).failed(cause);
		verifyNoMoreInteractions(this.reader);
		assertThat(this.nextRequest.take()).isFalse();
	}

	@Test
	void takeKeepsTheReaderFromReading() {
		assertThat(this.nextRequest.isTaken()).isFalse();
		assertThat(this.nextRequest.take()).isTrue();
		assertThat(this.nextRequest.take()).isFalse();
		this.nextRequest.succeeded();
		this.nextRequest.failed(new IllegalStateException());
		verifyNoInteractions(this.reader);
	}

	@Test
	void invocationTypeIsThatOfTheReader() {
		given(this.reader.getInvocationType()).willReturn(InvocationType.EITHER);
		assertThat(this.nextRequest.getInvocationType()).isEqualTo(InvocationType.EITHER);
	}

}
