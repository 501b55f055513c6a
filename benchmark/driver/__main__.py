"""Runs the benchmark. See benchmark/README.md."""

import argparse
import datetime
import fcntl
import glob
import os
import platform
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
import zipfile

import footprint
import garbage
import growth
import plots
import report
import starts
import throughput
from contenders import Setting
from load import Load
from processes import Failure, end_all
from tools import Tools

BENCHMARK = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ROOT = os.path.dirname(BENCHMARK)
TARGET = os.path.join(BENCHMARK, "target")
TABLES = ("starts", "throughput", "memory", "growth", "gc")
FILES = 16_384


class Plan:
    """How long and how often. The full run takes less than 30 minutes on two cores."""

    rounds = 5
    seconds = 3
    warm_up_turns = 10
    warm_up_seconds = 4
    settle_seconds = 4
    start_rounds = 5
    footprint_connections = 100_000
    footprint_steps = 30
    worker_counts = (1, 2, 4, 8, 16)
    connection_counts = (10, 100, 1_000, 10_000)
    gc_seconds = 4
    gc_warm_up_seconds = 6


class QuickPlan(Plan):
    """To see it work. Its figures are worth nothing: nothing is warm."""

    rounds = 1
    seconds = 1
    warm_up_turns = 1
    warm_up_seconds = 1
    settle_seconds = 1
    start_rounds = 1
    footprint_connections = 2_000
    footprint_steps = 10
    worker_counts = (1, 2)
    connection_counts = (10, 1_000)
    gc_seconds = 3
    gc_warm_up_seconds = 2


def main():
    options = parse()
    if options.plot:
        print(f"Drawn in {plots.draw(options.plot)}")
        return 0
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("The benchmark was asked to end"))
    # nothing takes longer: whatever waits then waits for ever
    signal.signal(signal.SIGALRM, lambda *_: sys.exit("The benchmark has not ended in time"))
    signal.alarm((10 if options.quick else 45) * 60)
    began = time.monotonic()
    try:
        return run_jmh(options) if options.jmh else run(options, began)
    except Failure as failure:
        print(f"\nFAILED: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted", file=sys.stderr)
        return 130
    finally:
        # a second signal must not leave processes behind
        for name in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM):
            signal.signal(name, signal.SIG_IGN)
        end_all()


def parse():
    parser = argparse.ArgumentParser(prog="benchmark/run", description="Measures the cluster. See benchmark/README.md.")
    parser.add_argument("--quick", action="store_true", help="about 3 minutes, to see it work; the figures are worthless")
    parser.add_argument("--only", action="append", choices=TABLES, metavar="TABLE",
                        help=f"measure only this table, may be repeated: {', '.join(TABLES)}")
    parser.add_argument("--output", default=os.path.join(TARGET, "benchmarks.md"), help="file for the tables")
    parser.add_argument("--plot", metavar="FILE", help="measure nothing: draw the tables of this file as SVG again")
    parser.add_argument("--java", help="the java to run everything with, instead of JAVA_HOME's or the PATH's")
    parser.add_argument("--skip-build", action="store_true", help="use the jars of the run before")
    parser.add_argument("--jmh", action="store_true", help="run the JMH benchmarks instead; what follows -- is JMH's")
    parser.add_argument("jmh_options", nargs="*", metavar="JMH OPTION", help="after --jmh --")
    return parser.parse_args()


def find_java(options):
    home = os.environ.get("JAVA_HOME")
    java = options.java or (os.path.join(home, "bin", "java") if home else shutil.which("java"))
    if not java or not os.access(java, os.X_OK) or not shutil.which("mvn"):
        raise Failure("A JDK from 17 on and Maven from 3.8 on are needed")
    return java


def build(module):
    print(f"Building {module}", flush=True)
    done = subprocess.run(["mvn", "-B", "-ntp", "-q", "-Pbenchmark", "-Dmaven.test.skip=true", "package",
                           "-pl", module, "-am"], cwd=ROOT, timeout=900)
    if done.returncode != 0:
        raise Failure("The build has failed")


def run_jmh(options):
    java = find_java(options)
    if not options.skip_build:
        build("benchmark/jmh")
    short = ["-f", "1", "-wi", "1", "-i", "1", "-w", "1", "-r", "1"] if options.quick else []
    command = [java, "-cp", "classes:lib/*", "org.openjdk.jmh.Main", "-prof", "gc", *short, *options.jmh_options]
    process = subprocess.Popen(command, cwd=os.path.join(BENCHMARK, "jmh", "target"))
    try:
        return process.wait()
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(30)


def run(options, began):
    plan = QuickPlan if options.quick else Plan
    wanted = options.only or TABLES
    java = find_java(options)
    raise_file_limit()
    lock = the_only_run()
    folder = os.path.join(TARGET, "run")
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    tools = Tools(TARGET)
    if not options.skip_build:
        build("benchmark/app")
    setting = Setting(java, tools, jar("plain"), jar("cluster"), folder)
    load = Load(tools)
    cache = prepare_cache(setting, folder)
    results, texts = {}, {}
    for name in TABLES:
        if name in wanted:
            print(f"{name} (after {minutes(began)})", flush=True)
            texts[name] = measure(name, setting, load, plan, cache, results)
    text = document(options, plan, setting, load, results, texts, minutes(began))
    with open(options.output, "w") as output:
        output.write(text)
    print("\n" + text)
    print(f"Written to {options.output}, drawn in {plots.draw(options.output)}")
    lock.close()
    if load.errors:
        print(f"\nFAILED: {len(load.errors)} measurements had errors, so the figures are not what they seem:",
              file=sys.stderr)
        print("\n".join(load.errors), file=sys.stderr)
        return 1
    return 0


def the_only_run():
    """Return a file that is locked as long as it is open: two runs would measure each other."""
    os.makedirs(TARGET, exist_ok=True)
    lock = open(os.path.join(TARGET, "lock"), "w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise Failure("Another run of the benchmark is under way")
    return lock


def raise_file_limit():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < FILES and os.getuid() == 0:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, FILES))
            return
        except (OSError, ValueError):
            pass
    wanted = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
    if max(soft, wanted) < 2_000 + 500:
        raise Failure(f"2,000 idle connections need more than the {wanted} descriptors that `ulimit -Hn` allows")


def jar(classifier):
    found = glob.glob(os.path.join(BENCHMARK, "app", "target", f"benchmark-app-*-{classifier}.jar"))
    if len(found) != 1:
        raise Failure(f"There should be one jar, built with the classifier '{classifier}': {found}")
    return found[0]


def prepare_cache(setting, folder):
    """Let all clusters start from the archive of this run, so that none makes one while others are measured."""
    if not starts.supports_cache(setting.cluster_jar):
        return None
    print(f"Making the archive of {starts.CACHE_KEY}", flush=True)
    cache = os.path.join(folder, "cache")
    starts.fill_cache(setting, cache)
    return cache


def measure(name, setting, load, plan, cache, results):
    if name == "starts":
        results[name] = starts.measure(setting, plan, cache)
        return report.starts(results[name])
    # with another heap than 2 workers have there is no archive yet, and making one would disturb
    value = "off" if name in ("growth", "gc") else cache
    setting.cluster_options = [starts.cache_option(value)] if cache else []
    if name == "throughput":
        results[name] = throughput.measure(setting, load, plan)
        return report.throughput(results[name])
    if name == "memory":
        results[name] = footprint.measure(setting, load, plan)
        return report.footprint(results[name])
    if name == "growth":
        by_workers = growth.by_workers(setting, load, plan)
        return report.growth(by_workers, *growth.by_connections(setting, load, plan))
    return report.garbage(garbage.measure(setting, load, plan))


def minutes(began):
    seconds = int(time.monotonic() - began)
    return f"{seconds // 60} min {seconds % 60} s"


HEADINGS = {"starts": "Starting and replacing", "throughput": "Under load", "memory": "Memory", "growth": "Growth",
            "gc": "Garbage collection"}

NOTES = {
    "starts": "From the launch of the process, with files in the page cache. Median, minimum and maximum.",
    "throughput": "{rounds} rounds of {seconds} s for each contender, in turn. A figure is the median of the rounds, "
                  "*spread* is maximum less minimum, as a share of the median, and *ratio* is the figure divided by that "
                  "of one JVM. `wrk` with {threads} thread(s) and 32 connections shares the processors with what it "
                  "measures. CPU *in front* is that of the master, of nginx, or of Node's primary, for each request.",
    "memory": "Each contender alone, after the given number of new connections with one request each, in MiB. "
              "Proportional memory divides a page by the number of processes that share it. *Ratio* is the average "
              "worker's proportional memory divided by that of one JVM.",
    "growth": "One measurement of {seconds} s for each row. The master is warm, but many workers are not: their CPU and "
              "the rates do not show what they do later.",
    "gc": "Each request allocates 100 KiB and replaces 8 of the long-lived objects of 1 KiB, of which there are 480 MiB "
          "in one JVM and 120 MiB in each worker. The JVM chooses the collector, except in the last row. {rounds} rounds "
          "of {gc_seconds} s, in turn. Pauses are those of the GC logs of all processes.",
}


def document(options, plan, setting, load, results, texts, taken):
    lines = ["# Benchmarks", "", f"`benchmark/run` measured this on {datetime.date.today().isoformat()} in {taken}, on the "
             "[machine](#machine) below. [How to repeat and read it](../benchmark/README.md).", ""]
    if options.quick:
        lines += ["**A quick run, to see it work: nothing is warm, and the figures are worth nothing.**", ""]
    lines += ["## Targets", "", report.targets(results), ""]
    if load.errors:
        lines += [f"**{len(load.errors)} measurements had errors:**", "", *(f"- {error}" for error in load.errors), ""]
    for name, text in texts.items():
        note = NOTES[name].format(rounds=plan.rounds, seconds=plan.seconds, threads=load.threads,
                                  gc_seconds=plan.gc_seconds)
        lines += [f"## {HEADINGS[name]}", "", note, "", text, ""]
    lines += ["## Machine", "", report.table(["", ""], machine(setting)), ""]
    return "\n".join(lines)


def machine(setting):
    with open("/proc/cpuinfo") as info:
        model = re.search(r"^model name\s*: (.*)$", info.read(), re.MULTILINE)
    with open("/proc/meminfo") as info:
        memory = int(re.search(r"MemTotal:\s*(\d+)", info.read()).group(1)) / 1024 / 1024
    version = subprocess.run([setting.java, "-version"], capture_output=True, text=True, timeout=30).stderr.splitlines()
    with zipfile.ZipFile(setting.cluster_jar) as archive:
        boot = re.search(r"Spring-Boot-Version: (\S+)", archive.read("META-INF/MANIFEST.MF").decode())
    rows = [["machine", f"{model.group(1) if model else platform.machine()}, {os.cpu_count()} processors, "
             f"{memory:.0f} GiB"],
            ["system", f"{system()}, Linux {platform.release().split('-')[0]}"],
            ["JVM", version[1] if len(version) > 1 else "?"],
            ["Spring Boot", boot.group(1) if boot else "?"],
            ["commit", commit()]]
    return rows + [[name, number] for name, number in setting.tools.versions().items()]


def system():
    try:
        with open("/etc/os-release") as release:
            return re.search(r'^PRETTY_NAME="?([^"\n]*)', release.read(), re.MULTILINE).group(1)
    except (OSError, AttributeError):
        return platform.system()


def commit():
    def git(*command):
        return subprocess.run(["git", *command], cwd=ROOT, capture_output=True, text=True, timeout=20).stdout.strip()
    try:
        return git("rev-parse", "--short", "HEAD") + (" and changes" if git("status", "--porcelain", "-uno") else "")
    except FileNotFoundError:
        return "unknown"


if __name__ == "__main__":
    sys.exit(main())
