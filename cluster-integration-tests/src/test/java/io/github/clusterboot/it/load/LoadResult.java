package io.github.clusterboot.it.load;

import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What has become of the requests of a load.
 *
 * @param exchanges all requests, by their start
 * @param perTraffic the same in numbers
 * @param records what the workers have recorded, or {@code null} if they do not
 * @param elapsed how long it took
 */
public record LoadResult(List<Exchange> exchanges, List<TrafficSummary> perTraffic, @Nullable RequestRecords records,
		Duration elapsed) {

	private static final int FAILURES_SHOWN = 20;

	static LoadResult of(List<LoadClient.Log> logs, @Nullable RequestRecords records, Duration elapsed) {
		List<Exchange> exchanges = logs.stream()
			.map(LoadClient.Log::exchanges)
			.flatMap(Collection::stream)
			.sorted(Comparator.comparing(Exchange::start))
			.toList();
		return new LoadResult(exchanges, TrafficSummary.of(logs), records, elapsed);
	}

	/**
	 * Return how many requests there were.
	 * @return the number
	 */
	public int total() {
		return this.exchanges.size();
	}

	/**
	 * Return the requests that failed.
	 * @return all that did not end well, by their start
	 */
	public List<Exchange> failed() {
		return this.exchanges.stream().filter((exchange) -> !exchange.isOk()).toList();
	}

	/**
	 * Return the requests that more than one worker, or one worker more than once, has
	 * begun to execute.
	 * @return the requests, whatever became of them
	 */
	public List<Exchange> executedTwice() {
		return requiredRecords().executed(this.exchanges, 2);
	}

	/**
	 * Return the requests that were answered although no worker has recorded them. Where
	 * there is one the records cannot be relied on.
	 * @return the requests
	 */
	public List<Exchange> unrecorded() {
		RequestRecords records = requiredRecords();
		return this.exchanges.stream()
			.filter((exchange) -> exchange.isOk() && records.executionsOf(exchange) == 0)
			.toList();
	}

	private RequestRecords requiredRecords() {
		Assert.state(this.records != null, "The workers do not record what they execute");
		return this.records;
	}

	/**
	 * Return how often the server had closed a kept-alive connection, in good order and
	 * seen by the client before it sent the next request. No failure.
	 * @return the number
	 */
	public int closedIdle() {
		return this.perTraffic.stream().mapToInt(TrafficSummary::closedIdle).sum();
	}

	/**
	 * Fail unless every request was answered and none was executed twice.
	 */
	public void assertNothingLost() {
		assertThat(failed()).as(toString()).isEmpty();
		assertThat(executedTwice()).as("executed twice").isEmpty();
		assertThat(unrecorded()).as("answered, but not recorded").isEmpty();
	}

	@Override
	public String toString() {
		StringBuilder text = new StringBuilder(TrafficSummary.HEAD);
		this.perTraffic.forEach((summary) -> text.append('\n').append(summary));
		text.append("\n\n%,d requests in %.1f s, %d failed".formatted(total(), this.elapsed.toMillis() / 1000.0,
				failed().size()));
		if (this.records != null) {
			text.append(", %d executed twice".formatted(executedTwice().size()));
		}
		failed().stream().limit(FAILURES_SHOWN).forEach((exchange) -> text.append('\n').append(describe(exchange)));
		return text.append('\n').toString();
	}

	private String describe(Exchange exchange) {
		String executions = (this.records != null) ? ", executed " + this.records.executionsOf(exchange) + " times"
				: "";
		return exchange + executions;
	}

}
