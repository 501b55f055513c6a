"""One large heap against several small ones that hold as much together.

The workers collect with what the JVM chooses, and with the collector that takes the least memory.
"""

import glob
import os
import re
import statistics
import time

from contenders import Cluster, Plain
from load import Series
from processes import Failure

SMALL = 4

PAUSE = re.compile(r"^\[(\d+)ms\].* Pause .* ([\d.]+)ms$")


class Collected:
    """The load's samples, and the pauses of each process while it was measured."""

    def __init__(self, title):
        self.title = title
        self.series = Series()
        self.seconds = 0.0
        self.pauses = {}

    def all_pauses(self):
        return sorted(pause for pauses in self.pauses.values() for pause in pauses)

    def longest(self):
        return max(self.all_pauses())

    def median_pause(self):
        return statistics.median(self.all_pauses())

    def paused_share(self):
        """Return the share of the time in which a process pauses, of all processes on average."""
        return sum(self.all_pauses()) / 1000 / self.seconds / len(self.pauses)


def measure(setting, load, plan):
    folders, contenders, collected = [], [], []
    for name, make in (("one", _one), ("four", _four), ("four-serial", _four_with_serial)):
        folder = os.path.join(setting.folder, f"gc-{name}-{time.time_ns()}")
        os.makedirs(folder)
        folders.append(folder)
        contenders.append(make(setting, folder))
    collected = [Collected("one JVM of 1 GiB"), Collected(f"cluster, {SMALL} workers of 256 MiB"),
                 Collected("the same with `-XX:+UseSerialGC`")]
    try:
        for contender in contenders:
            contender.start()
            # one connection for each worker
            load.run(contender, "allocate", False, plan.gc_warm_up_seconds, "GC, warm-up", SMALL)
        for number in range(plan.rounds):
            print(f"  round {number + 1} of {plan.rounds}", flush=True)
            for contender, folder, result in zip(contenders, folders, collected):
                begin = time.time()
                result.series.add(load.run(contender, "allocate", False, plan.gc_seconds, f"GC, {result.title}"))
                end = time.time()
                result.seconds += end - begin
                _read_pauses(contender, folder, begin, end, result)
    finally:
        for contender in contenders:
            contender.stop()
    for result in collected:
        if not result.all_pauses():
            raise Failure(f"{result.title} has not collected garbage while it was measured")
    return collected


def _one(setting, folder):
    return Plain(setting, ["-Xmx1g", _log_option(folder)], ["--benchmark.live-set=480MB"])


def _four(setting, folder, *options):
    return Cluster(setting, workers=SMALL, java_options=["-Xmx256m", _log_option(folder)],
                   options=["--benchmark.live-set=120MB", *options])


def _four_with_serial(setting, folder):
    return _four(setting, folder, "--cluster.worker.jvm-args=-XX:+UseSerialGC")


def _log_option(folder):
    return f"-Xlog:gc:file={folder}/gc.log:timemillis:filecount=0"


def _read_pauses(contender, folder, begin, end, result):
    logs = glob.glob(os.path.join(folder, "gc*.log"))
    if isinstance(contender, Cluster):
        # the workers' have the worker's index in their names
        logs = [log for log in logs if re.search(r"gc-\d+\.log$", log)]
    if len(logs) != len(contender.workers()):
        raise Failure(f"{result.title}: {len(contender.workers())} processes, GC logs {logs}")
    for log in logs:
        pauses = result.pauses.setdefault(log, [])
        with open(log) as lines:
            for line in lines:
                pause = PAUSE.match(line.strip())
                if pause and begin * 1000 <= int(pause.group(1)) <= end * 1000:
                    pauses.append(float(pause.group(2)))
