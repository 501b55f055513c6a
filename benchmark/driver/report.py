"""Writes what was measured as Markdown."""

import statistics

from contenders import Nginx, Node, Plain
from load import WARM_UP_CONNECTIONS
from starts import COLD, WARM
from throughput import KINDS

# one for the curve
LOADS_OF_WARM_UP = 1 + sum(1 for kind in KINDS if not kind.idle)

MIB = 1024 * 1024


def table(header, rows):
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    lines += ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def spread(values):
    """Return how far apart the values are, in parts of their median."""
    middle = statistics.median(values)
    return f"{(max(values) - min(values)) / middle:.0%}" if middle else "–"


def mib(size):
    return f"{size / MIB:.0f}"


def throughput(result):
    parts = []
    for kind in KINDS:
        plain = result.of(kind.key, Plain.key)
        rows = []
        for contender in result.contenders:
            series = result.of(kind.key, contender.key)
            rows.append([
                contender.title, f"{series.median('rate'):,.0f}", spread(series.values("rate")),
                f"**{series.median('rate') / plain.median('rate'):.2f}**",
                f"{series.median('p50'):.2f}",
                f"{series.median('p99'):.2f}", spread(series.values("p99")),
                f"**{series.median('p99') / plain.median('p99'):.2f}**",
                f"{series.median('p999'):.2f}", spread(series.values("p999")),
                "–" if contender.key == Plain.key else f"{series.median('front_micros'):.1f}",
                f"{series.median('worker_micros'):.1f}", series.errors()])
        parts.append(f"### {kind.title[0].upper()}{kind.title[1:]}\n\n" + table(
            ["", "requests/s", "spread", "ratio", "p50 ms", "p99 ms", "spread", "ratio", "p99.9 ms", "spread",
             "CPU µs in front", "CPU µs in workers", "errors"], rows))
    parts.append("### Warm-up\n\nHello, kept alive: requests/s as in the rounds, after a number of seconds under all loads in turn "
                 f"from {WARM_UP_CONNECTIONS} connections, each contender alone.\n\n" + _curve(result))
    parts.append(f"While no contender was under load, all of them together used {result.idle_cpu:.1%} of one processor.")
    return "\n\n".join(parts)


def _curve(result):
    turns = len(next(iter(result.curve.values())))
    shown = sorted({0, 1, 2, 3, 5, 7, 9, turns - 1} & set(range(turns)))
    return table(["seconds", *(str(LOADS_OF_WARM_UP * turn) for turn in shown)],
                 [[contender.title, *(f"{result.curve[contender.key][turn]:,.0f}" for turn in shown)]
                  for contender in result.contenders])


def footprint(weights):
    plain = weights[Plain.key]
    rows = []
    for weight in weights.values():
        rows.append([weight.title, f"{weight.connections:,}", _each(weight.front), _each(weight.workers),
                     f"**{weight.worker_proportional() / plain.worker_proportional():.2f}**",
                     mib(weight.total_proportional())])
    return table(["", "connections", "each in front: resident / proportional", "each worker: resident / proportional",
                  "ratio", "all, proportional"], rows)


def _each(processes):
    return ", ".join(f"{mib(resident)} / {mib(proportional)}" for resident, proportional in processes) or "–"


def starts(times):
    plain = statistics.median(times[Plain.key].first_answer)
    rows = []
    for kind, title in ((Plain.key, "one JVM"), (COLD, "cluster, cold"), (WARM, "cluster, warm cache")):
        if kind not in times:
            rows.append([title, *["not supported"] * 4, "–"])
            continue
        of = times[kind]
        rows.append([title, _seconds(of.first_answer), f"**{statistics.median(of.first_answer) / plain:.2f}**",
                     _seconds(of.all_ready), _seconds(of.replaced),
                     f"**{statistics.median(of.replaced) / plain:.2f}**" if of.replaced else "–"])
    return table(["", "`java -jar` to the first 200", "ratio", "to all workers ready",
                  "`kill -9` of a worker to its replacement ready", "to a plain start"], rows)


def _seconds(values):
    if not values:
        return "–"
    return f"{statistics.median(values):.2f} s ({min(values):.2f}–{max(values):.2f})"


def growth(by_workers, by_connections, impossible):
    header = ["connections/s", "master's CPU µs per connection", "workers' CPU µs per connection",
              "master: resident / proportional MiB", "a worker: resident / proportional MiB"]

    def rows(steps):
        return [[f"{step.size:,}", f"{step.sample.rate:,.0f}", f"{step.sample.front_micros:.1f}",
                 f"{step.sample.worker_micros:.1f}",
                 f"{mib(step.master_resident)} / {mib(step.master_proportional)}",
                 f"{mib(step.worker_resident)} / {mib(step.worker_proportional)}"] for step in steps]

    text = ("A new connection per request, `round-robin`.\n\n" + table(["workers", *header], rows(by_workers))
            + "\n\nThe same with 2 workers, beside connections that are open and idle.\n\n"
            + table(["open connections", *header], rows(by_connections)))
    for connections in impossible:
        text += f"\n\nNot measured with {connections:,} open connections: `ulimit -Hn` does not allow them."
    return text


def garbage(collected):
    rows = []
    for result in collected:
        series = result.series
        rows.append([result.title, f"{series.median('rate'):,.0f}", spread(series.values("rate")),
                     f"{series.median('p50'):.2f}", f"{series.median('p99'):.2f}", f"{series.median('p999'):.2f}",
                     spread(series.values("p999")), len(result.all_pauses()), f"{result.median_pause():.2f}",
                     f"{result.longest():.1f}", f"{result.paused_share():.1%}", series.errors()])
    return table(["", "requests/s", "spread", "p50 ms", "p99 ms", "p99.9 ms", "spread", "pauses",
                  "median pause ms", "longest ms", "share of time paused", "errors"], rows)


class Target:
    """A row of what is to be reached."""

    def __init__(self, title, limit, at_least, value, unit=""):
        self.title = title
        self.limit = limit
        self.at_least = at_least
        self.value = value
        self.unit = unit

    def row(self):
        sign = "≥" if self.at_least else "≤"
        decimals = 0 if self.unit else (2 if self.limit < 1.05 and self.limit != 0.5 else 1)
        wanted = f"{sign} {self.limit:.{decimals}f}{self.unit}"
        if isinstance(self.value, str):
            return [self.title, wanted, self.value, "–"]
        met = self.value >= self.limit if self.at_least else self.value <= self.limit
        # more digits where they decide
        measured = f"{self.value:.1f}{self.unit}" if self.unit else (
            f"{self.value:.2f}" if abs(self.value - self.limit) > 0.005 else f"{self.value:.4f}")
        return [self.title, wanted, measured, "pass" if met else "**miss**"]


def targets(results):
    """Return the table of targets; what was not measured says so."""
    missing = "not measured"
    loads, times, weights = results.get("throughput"), results.get("starts"), results.get("memory")

    def ratio(kind, of, to, figure="rate"):
        return loads.of(kind, of).median(figure) / loads.of(kind, to).median(figure) if loads else missing

    def start(kind, figure):
        if not times:
            return missing
        if kind not in times:
            return "not supported"
        return statistics.median(getattr(times[kind], figure)) / statistics.median(times[Plain.key].first_answer)

    cluster = "round-robin"
    rows = [
        Target("new connection per request, `round-robin` / one JVM", 0.95, True, ratio("hello-new", cluster, Plain.key)),
        Target("new connection per request, `reuse-port` / one JVM", 1.00, True,
               ratio("hello-new", "reuse-port", Plain.key)),
        Target("kept alive / one JVM", 0.98, True, ratio("hello-keep", cluster, Plain.key)),
        Target("p99 kept alive / one JVM", 1.2, False, ratio("hello-keep", cluster, Plain.key, "p99")),
        Target("new connection per request / Node's cluster", 1.8, True, ratio("hello-new", cluster, Node.key)),
        Target("kept alive / two JVMs behind nginx", 1.4, True, ratio("hello-keep", cluster, Nginx.key)),
        Target("new connection per request / two JVMs behind nginx", 1.4, True, ratio("hello-new", cluster, Nginx.key)),
        Target("`java -jar` to the first 200, warm cache / one JVM", 1.1, False, start(WARM, "first_answer")),
        Target("`java -jar` to the first 200, cold / one JVM", 1.7, False, start(COLD, "first_answer")),
        Target("replacement ready after `kill -9`, warm cache / cold start of one JVM", 0.5, False,
               start(WARM, "replaced")),
        Target(f"master's resident memory after {weights[cluster].connections:,} connections" if weights
               else "master's resident memory after 100,000 connections", 90, False,
               weights[cluster].front_resident() / MIB if weights else missing, " MiB"),
        Target("a worker's proportional memory / one JVM's", 1.0, False,
               weights[cluster].worker_proportional() / weights[Plain.key].worker_proportional() if weights
               else missing),
        Target("master's CPU per handed-over connection", 15, False,
               loads.of("hello-new", cluster).median("front_micros") if loads else missing, " µs"),
    ]
    return table(["what", "target", "measured", ""], [row.row() for row in rows])
