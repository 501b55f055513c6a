"""How the master grows with its workers and with open connections."""

import os
import resource
import signal

from contenders import Cluster
from load import WARM_UP_CONNECTIONS, IdleConnections
from processes import memory

SPARE_FILES = 200


class Step:
    """One measurement with new connections while the cluster had a certain size."""

    def __init__(self, size, sample, cluster):
        self.size = size
        self.sample = sample
        self.master_resident, self.master_proportional = memory(cluster.front()[0])
        workers = [memory(pid) for pid in cluster.workers()]
        self.worker_resident = sum(resident for resident, _ in workers) / len(workers)
        self.worker_proportional = sum(proportional for _, proportional in workers) / len(workers)


def by_workers(setting, load, plan):
    """Let one cluster grow, since starting many workers is most of the work."""
    steps = []
    cluster = Cluster(setting, workers=1)
    try:
        cluster.start()
        load.run(cluster, "hello", True, plan.warm_up_seconds, "growth, warm-up", WARM_UP_CONNECTIONS)
        count = 1
        for workers in plan.worker_counts:
            print(f"  {workers} workers", flush=True)
            while count < workers:
                # one by one: signals of the same kind that wait become one
                count += 1
                os.kill(cluster.front()[0], signal.SIGTTIN)
                cluster.await_workers(count)
            # what is new has to get warm
            load.run(cluster, "hello", True, plan.warm_up_seconds, "growth, warm-up", WARM_UP_CONNECTIONS)
            steps.append(Step(workers, load.run(cluster, "hello", True, plan.seconds, f"{workers} workers"), cluster))
    finally:
        cluster.stop()
    return steps


def by_connections(setting, load, plan):
    """Return the steps, and the numbers of connections that this process may not open."""
    steps, impossible = [], []
    cluster = Cluster(setting)
    allowed = resource.getrlimit(resource.RLIMIT_NOFILE)[0] - SPARE_FILES
    try:
        cluster.start()
        load.run(cluster, "hello", True, 2 * plan.warm_up_seconds, "growth, warm-up", WARM_UP_CONNECTIONS)
        for connections in plan.connection_counts:
            if connections > allowed:
                impossible.append(connections)
                continue
            print(f"  {connections} open connections", flush=True)
            with IdleConnections(cluster.port, connections):
                sample = load.run(cluster, "hello", True, plan.seconds, f"{connections} open connections")
                steps.append(Step(connections, sample, cluster))
    finally:
        cluster.stop()
    return steps, impossible
