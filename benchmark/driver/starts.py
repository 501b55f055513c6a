"""How long it takes to start, and to replace a worker that was killed."""

import io
import json
import os
import re
import shutil
import signal
import time
import zipfile

from contenders import Cluster, Plain
from processes import Failure

CACHE_KEY = "cluster.worker.cache"

COLD = "cold"
WARM = "warm"


def supports_cache(cluster_jar):
    """Return whether the library in a jar knows the key for archives of loaded classes."""
    with zipfile.ZipFile(cluster_jar) as jar:
        libraries = [name for name in jar.namelist() if re.search(r"lib/cluster-spring-boot-[^/]*\.jar$", name)]
        for library in libraries:
            with zipfile.ZipFile(io.BytesIO(jar.read(library))) as nested:
                if "META-INF/spring-configuration-metadata.json" in nested.namelist():
                    metadata = json.loads(nested.read("META-INF/spring-configuration-metadata.json"))
                    if any(known["name"] == CACHE_KEY for known in metadata["properties"]):
                        return True
    return False


def cache_option(value):
    return f"--{CACHE_KEY}={value}"


def fill_cache(setting, folder, seconds=180):
    """Run a cluster until it says that it has made its archive in a folder."""
    os.makedirs(folder, 0o700, exist_ok=True)
    cluster = Cluster(setting, options=[cache_option(folder)])
    try:
        cluster.start()
        cluster.running[0].await_output("start from an archive", seconds)
    finally:
        cluster.stop()
    if not os.listdir(folder):
        raise Failure(f"There is nothing in the folder of {CACHE_KEY}")


class Starts:
    """The times of one kind of start, in seconds."""

    def __init__(self):
        self.first_answer = []
        self.all_ready = []
        self.replaced = []


def measure(setting, plan, cache):
    """Return the times by kind. Without a cache folder there is no warm start."""
    times = {Plain.key: Starts(), COLD: Starts()}
    if cache:
        times[WARM] = Starts()
    for number in range(plan.start_rounds):
        for kind, starts in times.items():
            print(f"  start {number + 1} of {plan.start_rounds}: {kind}", flush=True)
            _measure(setting, kind, starts, cache)
    return times


def _measure(setting, kind, starts, cache):
    if kind == Plain.key:
        contender = Plain(setting)
    else:
        contender = Cluster(setting, options=_cache_option(setting, kind, cache))
    try:
        contender.launch()
        starts.first_answer.append(contender.await_first_answer())
        if kind != Plain.key:
            starts.all_ready.append(contender.await_workers(contender.count))
            starts.replaced.append(_kill_one(contender))
        contender.check_answers()
    finally:
        contender.stop()


def _cache_option(setting, kind, cache):
    if not cache:
        return []
    folder = cache
    if kind == COLD:
        folder = os.path.join(setting.folder, "empty-cache")
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder, 0o700)
    return [cache_option(folder)]


def _kill_one(cluster):
    victim = cluster.workers()[0]
    before = time.monotonic()
    os.kill(victim, signal.SIGKILL)
    cluster.await_workers(cluster.count + 1)
    return time.monotonic() - before
