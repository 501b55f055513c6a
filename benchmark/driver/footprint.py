"""What the processes of each contender weigh, with no other contender beside them."""

from contenders import all_contenders
from processes import Failure, memory


class Weight:
    """Resident and proportional memory of a contender's processes, in bytes."""

    def __init__(self, contender, connections):
        self.title = contender.title
        self.connections = connections
        self.front = [memory(pid) for pid in contender.front()]
        self.workers = [memory(pid) for pid in contender.workers()]

    def front_resident(self):
        return sum(resident for resident, _ in self.front)

    def front_proportional(self):
        return sum(proportional for _, proportional in self.front)

    def worker_proportional(self):
        return sum(proportional for _, proportional in self.workers) / len(self.workers)

    def total_proportional(self):
        return self.front_proportional() + sum(proportional for _, proportional in self.workers)


def measure(setting, load, plan):
    weights = {}
    for contender in all_contenders(setting):
        print(f"  {contender.title}", flush=True)
        try:
            contender.start()
            connections = 0
            for _ in range(plan.footprint_steps):
                if connections >= plan.footprint_connections:
                    break
                connections += load.run(contender, "hello", True, 2, "footprint").requests
            if connections < plan.footprint_connections:
                raise Failure(f"{contender.title} has served only {connections} connections "
                              f"in {2 * plan.footprint_steps} s")
            weights[contender.key] = Weight(contender, connections)
        finally:
            contender.stop()
    return weights
