package io.github.clusterboot.it;

import java.util.List;
import java.util.stream.Stream;

/**
 * System calls that are refused.
 *
 * @param calls the calls, which serve the same purpose
 * @param error the error that the process gets, see {@code errno(3)}
 * @param always whether each call is refused, or the first one of each thread
 */
record Refusal(List<String> calls, String error, boolean always) {

	/**
	 * Return both ways to refuse calls.
	 * @param error the error
	 * @param calls the calls
	 * @return once, and always
	 */
	static Stream<Refusal> of(String error, String... calls) {
		return Stream.of(new Refusal(List.of(calls), error, false), new Refusal(List.of(calls), error, true));
	}

	/**
	 * Return the option of {@code strace(1)}.
	 * @return what follows {@code -e}
	 */
	String injection() {
		return "inject=" + String.join(",", this.calls) + ":error=" + this.error + (this.always ? "" : ":when=1");
	}

	String frequency() {
		return this.always ? "always" : "once";
	}

	@Override
	public String toString() {
		return String.join(", ", this.calls) + " " + this.error + " " + frequency();
	}

}
