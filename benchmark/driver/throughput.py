"""All contenders under the same loads, in turn, round by round."""

from contenders import all_contenders
from load import IdleConnections, Series
from processes import Failure, cpu_seconds


class Kind:
    """A load."""

    def __init__(self, key, title, handler, new_connections=False, idle=0):
        self.key = key
        self.title = title
        self.handler = handler
        self.new_connections = new_connections
        self.idle = idle


KINDS = [
    Kind("hello-keep", "hello, kept alive", "hello"),
    Kind("hello-new", "hello, a new connection per request", "hello", new_connections=True),
    Kind("hello-idle", "hello, kept alive, beside 2,000 idle kept-alive connections", "hello", idle=2000),
    Kind("json-keep", "JSON, kept alive", "json"),
    Kind("json-new", "JSON, a new connection per request", "json", new_connections=True),
]


class Throughput:
    """What all rounds have shown."""

    def __init__(self, contenders):
        self.contenders = contenders
        self.curve = {contender.key: [] for contender in contenders}
        self.series = {(kind.key, contender.key): Series() for kind in KINDS for contender in contenders}
        self.idle_cpu = 0.0

    def of(self, kind, contender):
        return self.series[kind, contender]


def measure(setting, load, plan):
    contenders = all_contenders(setting)
    result = Throughput(contenders)
    try:
        for contender in contenders:
            print(f"  starting {contender.title}", flush=True)
            contender.start()
        _warm_up(contenders, load, plan, result)
        result.idle_cpu = _idle_cpu(contenders, plan)
        for number in range(plan.rounds):
            for kind in KINDS:
                print(f"  round {number + 1} of {plan.rounds}: {kind.title}", flush=True)
                for contender in contenders:
                    result.of(kind.key, contender.key).add(_sample(contender, kind, load, plan))
    finally:
        for contender in contenders:
            contender.stop()
    return result


def _warm_up(contenders, load, plan, result):
    """Second by second, in turn, so that all have had the same when the rounds begin."""
    print("  warming up", flush=True)
    for _ in range(plan.curve_seconds):
        for contender in contenders:
            result.curve[contender.key].append(load.run(contender, "hello", False, 1, "warm-up").rate)
    for kind in KINDS[1:]:
        if not kind.idle:
            for contender in contenders:
                load.run(contender, kind.handler, kind.new_connections, plan.warm_up_seconds, "warm-up")


def _idle_cpu(contenders, plan):
    """Return the share of one processor that all contenders use while none is under load."""
    import time
    processes = [pid for contender in contenders for pid in contender.front() + contender.workers()]
    # what was measured last has timers to run down and classes to compile
    time.sleep(plan.settle_seconds)
    before, since = cpu_seconds(processes), time.monotonic()
    time.sleep(plan.settle_seconds)
    share = (cpu_seconds(processes) - before) / (time.monotonic() - since)
    if share > 0.2:
        raise Failure(f"The contenders use {share:.0%} of a processor while they are idle: "
                      "they would disturb each other's measurement")
    return share


def _sample(contender, kind, load, plan):
    with IdleConnections(contender.port, kind.idle):
        return load.run(contender, kind.handler, kind.new_connections, plan.seconds, kind.title)
