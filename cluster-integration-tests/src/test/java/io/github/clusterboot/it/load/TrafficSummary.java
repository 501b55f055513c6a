package io.github.clusterboot.it.load;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What has become of the requests of one kind, in numbers.
 *
 * @param traffic the kind
 * @param clients how many clients there were
 * @param endings how often each ending
 * @param closedIdle how often the server had closed the connection between requests
 * @param moved how often another worker than before answered on the same connection
 * @param median half of the answers took no longer
 * @param percentile99 99 of 100 answers took no longer
 * @param longest no request took longer
 */
public record TrafficSummary(Traffic traffic, int clients, Map<Ending, Long> endings, int closedIdle, int moved,
		Duration median, Duration percentile99, Duration longest) {

	private static final List<String> NUMBERS = Stream
		.of(Stream.of("clients", "requests"), Arrays.stream(Ending.values()).map(Ending::toString),
				Stream.of("closed idle", "moved", "median ms", "99 % ms", "longest ms"))
		.flatMap((names) -> names)
		.toList();

	static final String HEAD = row("traffic", NUMBERS) + "\n" + "|---".repeat(1 + NUMBERS.size()) + "|";

	static List<TrafficSummary> of(List<LoadClient.Log> logs) {
		return logs.stream()
			.collect(Collectors.groupingBy(LoadClient.Log::traffic, () -> new EnumMap<>(Traffic.class),
					Collectors.toList()))
			.entrySet()
			.stream()
			.map((entry) -> of(entry.getKey(), entry.getValue()))
			.toList();
	}

	private static TrafficSummary of(Traffic traffic, List<LoadClient.Log> logs) {
		List<Exchange> exchanges = logs.stream().map(LoadClient.Log::exchanges).flatMap(Collection::stream).toList();
		Map<Ending, Long> endings = exchanges.stream()
			.collect(Collectors.groupingBy(Exchange::ending, () -> new EnumMap<>(Ending.class), Collectors.counting()));
		List<Duration> times = exchanges.stream().map(Exchange::elapsed).sorted().toList();
		return new TrafficSummary(traffic, logs.size(), endings, sum(logs.stream().map(LoadClient.Log::closedIdle)),
				sum(logs.stream().map(LoadClient.Log::moved)), percentile(times, 50), percentile(times, 99),
				percentile(times, 100));
	}

	private static int sum(Stream<Integer> numbers) {
		return numbers.mapToInt(Integer::intValue).sum();
	}

	private static Duration percentile(List<Duration> sorted, int percent) {
		int index = (int) Math.ceil(sorted.size() * percent / 100.0) - 1;
		return sorted.isEmpty() ? Duration.ZERO : sorted.get(Math.max(0, index));
	}

	@Override
	public String toString() {
		long requests = this.endings.values().stream().mapToLong(Long::longValue).sum();
		Stream<Long> perEnding = Arrays.stream(Ending.values()).map((ending) -> this.endings.getOrDefault(ending, 0L));
		Stream<Long> times = Stream.of(this.median, this.percentile99, this.longest).map(Duration::toMillis);
		return row(this.traffic.toString(),
				Stream
					.of(Stream.of((long) this.clients, requests), perEnding,
							Stream.of((long) this.closedIdle, (long) this.moved), times)
					.flatMap((numbers) -> numbers)
					.map(String::valueOf)
					.toList());
	}

	private static String row(String name, List<String> cells) {
		return "| " + name + " | " + String.join(" | ", cells) + " |";
	}

}
