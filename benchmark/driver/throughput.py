"""All contenders under the same loads, in turn, round by round."""

import time

from contenders import all_contenders
from load import WARM_UP_CONNECTIONS, IdleConnections, Series
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
            print(f"  starting and warming up {contender.title}", flush=True)
            contender.start()
            result.curve[contender.key] = _warm_up(contender, load, plan)
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


def _warm_up(contender, load, plan):
    """All loads in turn, again and again, from few connections; return the curve of the first load from
    all connections. Each contender has the processors to itself meanwhile: what one has left to compile
    must not slow down the next."""
    curve = []
    for _ in range(plan.warm_up_turns):
        curve.append(load.run(contender, KINDS[0].handler, KINDS[0].new_connections, 1, "warm-up").rate)
        for kind in KINDS:
            if not kind.idle:
                load.run(contender, kind.handler, kind.new_connections, 1, "warm-up", WARM_UP_CONNECTIONS)
    time.sleep(plan.settle_seconds)
    return curve


def _idle_cpu(contenders, plan):
    """Return the share of one processor that all contenders use while none is under load."""
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
