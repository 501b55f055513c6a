"""Processes of the benchmark: starting and ending them, and what /proc tells of them."""

import ctypes
import os
import signal
import subprocess
import time

TICKS = os.sysconf("SC_CLK_TCK")

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)
_started = []


class Failure(Exception):
    """What makes a figure worthless. Ends the run."""


def _end_with_parent():
    # also where the driver is killed
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


class Running:
    """A process that was started, and its descendants. Its output goes to a log file."""

    def __init__(self, name, command, log, environment=None, directory=None):
        self.name = name
        self.log = log
        with open(log, "wb") as output:
            # a session of its own: Ctrl-C reaches the driver alone, which ends them in order
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                                            env=environment, cwd=directory, start_new_session=True,
                                            preexec_fn=_end_with_parent)
        self.started = time.monotonic()
        self.pid = self.process.pid
        _started.append(self)

    def output(self):
        with open(self.log, errors="replace") as log:
            return log.read()

    def check_alive(self):
        if self.process.poll() is not None:
            raise Failure(f"{self.name} has ended with code {self.process.returncode}:\n{self.output()[-3000:]}")

    def await_output(self, text, seconds, count=1):
        """Wait until a text has been printed; return the time since the process was started."""
        deadline = time.monotonic() + seconds
        while self.output().count(text) < count:
            self.check_alive()
            if time.monotonic() > deadline:
                raise Failure(f"{self.name} has not said '{text}' within {seconds} s:\n{self.output()[-3000:]}")
            time.sleep(0.003)
        return time.monotonic() - self.started

    def children(self):
        return children_of(self.pid)

    def end(self, seconds=30):
        """Ask the process to end, and kill what is left of it and its descendants."""
        if self not in _started:
            return
        family = {pid: start_of(pid) for pid in descendants_of(self.pid)}
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        deadline = time.monotonic() + 5
        while any(start_of(pid) == start for pid, start in family.items() if start) and time.monotonic() < deadline:
            time.sleep(0.02)
        for pid, start in family.items():
            if start and start_of(pid) == start:
                print(f"  {self.name} has left process {pid} behind: killed", flush=True)
                os.kill(pid, signal.SIGKILL)
        _started.remove(self)


def end_all():
    for running in list(reversed(_started)):
        running.end(10)


def start_of(pid):
    """Return when a process was started, in ticks, or None where it has ended."""
    fields = _stat(pid)
    return None if fields is None or fields[0] in ("Z", "X") else int(fields[19])


def _stat(pid):
    try:
        with open(f"/proc/{pid}/stat") as stat:
            # the name in parentheses may contain anything
            return stat.read().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None


def children_of(parent):
    children = []
    for name in os.listdir("/proc"):
        if name.isdigit():
            fields = _stat(name)
            if fields and int(fields[1]) == parent and fields[0] not in ("Z", "X"):
                children.append(int(name))
    return sorted(children)


def descendants_of(parent):
    found = []
    for child in children_of(parent):
        found += [child] + descendants_of(child)
    return found


def cpu_seconds(pids):
    """Return the processor time that processes have used so far."""
    total = 0
    for pid in pids:
        fields = _stat(pid)
        if fields is None:
            raise Failure(f"Process {pid} has ended during a measurement")
        total += int(fields[11]) + int(fields[12])
    return total / TICKS


def memory(pid):
    """Return resident and proportional memory in bytes."""
    figures = {}
    with open(f"/proc/{pid}/smaps_rollup") as rollup:
        for line in rollup:
            name, _, value = line.partition(":")
            if value.strip().endswith("kB"):
                figures[name] = int(value.split()[0]) * 1024
    return figures["Rss"], figures["Pss"]
