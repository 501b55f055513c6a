"""The loads, and what they measure."""

import json
import os
import select
import socket
import statistics
import struct
import subprocess

from processes import Failure, cpu_seconds

CONNECTIONS = 32

# so few that the processors are not busy: under more, the JIT compilers' threads come last
WARM_UP_CONNECTIONS = 2


class Sample:
    """What one run of wrk against one contender has shown."""

    def __init__(self, figures, front_seconds, worker_seconds):
        self.requests = figures["requests"]
        self.rate = figures["requests"] / (figures["micros"] / 1e6)
        self.p50 = figures["p50"] / 1000
        self.p99 = figures["p99"] / 1000
        self.p999 = figures["p999"] / 1000
        self.errors = sum(figures[kind] for kind in ("connect", "read", "write", "status", "timeout"))
        self.kinds = {kind: figures[kind] for kind in ("connect", "read", "write", "status", "timeout")
                      if figures[kind]}
        self.front_micros = front_seconds * 1e6 / figures["requests"]
        self.worker_micros = worker_seconds * 1e6 / figures["requests"]


class Load:
    """Runs wrk and keeps all errors that it has ever seen."""

    def __init__(self, tools):
        self.tools = tools
        self.threads = max(1, (os.cpu_count() or 1) // 2)
        self.errors = []
        self.script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "wrk.lua")

    def run(self, contender, handler, new_connections, seconds, what="", connections=CONNECTIONS):
        front, workers = contender.front(), contender.workers()
        front_before, workers_before = cpu_seconds(front), cpu_seconds(workers)
        figures = self._wrk(contender.port, handler, new_connections, seconds, connections)
        contender.check_alive()
        if figures["requests"] == 0:
            raise Failure(f"{contender.title} has answered no request to /{handler}: {figures}")
        sample = Sample(figures, cpu_seconds(front) - front_before, cpu_seconds(workers) - workers_before)
        if sample.errors:
            self.errors.append(f"{contender.title}, {what or handler}: {sample.kinds} of {sample.requests} requests")
        return sample

    def _wrk(self, port, handler, new_connections, seconds, connections):
        command = [self.tools.wrk, f"-t{min(self.threads, connections)}", f"-c{connections}", f"-d{seconds}s", "--timeout", "5s",
                   "-s", self.script, f"http://127.0.0.1:{port}/{handler}",
                   "--", handler, "close" if new_connections else "keep"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 30,
                              env=self.tools.environment())
        for line in done.stdout.splitlines():
            if line.startswith("RESULT "):
                return json.loads(line[len("RESULT "):])
        raise Failure(f"wrk has failed: {done.stdout}{done.stderr}")


class IdleConnections:
    """Kept-alive connections that have been served once and then do nothing."""

    REQUEST = b"GET /hello HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"

    def __init__(self, port, count):
        self.sockets = []
        try:
            for _ in range(count):
                self.sockets.append(self._open(port))
        except OSError as ex:
            opened = len(self.sockets)
            self._close()
            raise Failure(f"Only {opened} of {count} idle connections could be opened: {ex}")

    def _open(self, port):
        connection = socket.create_connection(("127.0.0.1", port), timeout=10)
        # closed by a reset, so that no port has to wait
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.sendall(self.REQUEST)
        answer = b""
        while not answer.endswith(b"Hello, World!"):
            part = connection.recv(4096)
            if not part:
                raise ConnectionError("closed before the answer was complete")
            answer += part
        if not answer.startswith(b"HTTP/1.1 200"):
            raise ConnectionError(f"answered {answer[:40]!r}")
        return connection

    def lost(self):
        """Return how many the server has closed."""
        poll = select.poll()
        for connection in self.sockets:
            poll.register(connection, select.POLLIN)
        return len(poll.poll(0))

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        lost = self.lost()
        self._close()
        if lost and failure[0] is None:
            raise Failure(f"{lost} of {len(self.sockets)} idle connections were closed by the server")

    def _close(self):
        for connection in self.sockets:
            connection.close()


class Series:
    """Samples of the same thing."""

    def __init__(self):
        self.samples = []

    def add(self, sample):
        self.samples.append(sample)

    def median(self, figure):
        return statistics.median(getattr(sample, figure) for sample in self.samples)

    def values(self, figure):
        return [getattr(sample, figure) for sample in self.samples]

    def errors(self):
        return sum(sample.errors for sample in self.samples)
