package io.github.clusterboot.master.control;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

import io.github.clusterboot.master.loop.MasterLog;
import io.github.clusterboot.os.NativeTransport;
import org.apache.commons.logging.Log;

/**
 * Says which processes have connected to the master without being workers: a few lines a
 * minute at the most, however many connect. Used on the event loop only.
 */
final class StrangerLog {

	static final Duration WINDOW = Duration.ofMinutes(1);

	static final int LINES_PER_WINDOW = 5;

	private static final Log logger = MasterLog.of(StrangerLog.class);

	private final LongSupplier nanoTime;

	private final Consumer<String> lines;

	private long begun;

	private int said;

	private long unsaid;

	StrangerLog() {
		this(System::nanoTime, logger::warn);
	}

	StrangerLog(LongSupplier nanoTime, Consumer<String> lines) {
		this.nanoTime = nanoTime;
		this.lines = lines;
		this.begun = nanoTime.getAsLong();
	}

	void dropped(NativeTransport.Peer peer) {
		long now = this.nanoTime.getAsLong();
		if (now - this.begun >= WINDOW.toNanos()) {
			this.begun = now;
			this.said = 0;
		}
		if (this.said == LINES_PER_WINDOW) {
			this.unsaid++;
			return;
		}
		this.said++;
		this.lines.accept("Process " + peer.pid() + " of user " + peer.uid()
				+ " connected to the master but is not one of its workers: connection dropped"
				+ ((this.unsaid > 0) ? " (after " + this.unsaid + " others that were not reported)" : ""));
		this.unsaid = 0;
	}

}
