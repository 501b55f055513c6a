"""What is compared. Each contender answers the same requests on one port of 127.0.0.1."""

import http.client
import json
import os
import socket
import time

from processes import Failure, Running

WORKERS = 2

START_TIMEOUT = 120

ORDER = json.dumps({"id": 1, "customer": "Ada", "lines": [{"sku": "a", "quantity": 2, "price": 150}]})

INVOICE = {"id": 1, "customer": "Ada", "total": 300,
           "lines": [{"sku": "a", "quantity": 2, "price": 150, "total": 300}]}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Setting:
    """What all contenders have in common: the programs, the jars and where logs go."""

    def __init__(self, java, tools, plain_jar, cluster_jar, folder, cluster_options=()):
        self.java = java
        self.tools = tools
        self.plain_jar = plain_jar
        self.cluster_jar = cluster_jar
        self.folder = folder
        self.cluster_options = list(cluster_options)
        self._count = 0

    def log(self, name):
        self._count += 1
        return os.path.join(self.folder, f"{self._count:03d}-{name}.log")


class Contender:
    """Something that serves. It has processes in front, which pass on, and workers, which answer."""

    key = ""
    title = ""

    def __init__(self, setting):
        self.setting = setting
        self.port = free_port()
        self.running = []

    def start(self):
        """Start, and wait until everything serves."""
        self.launch()
        self.await_ready()
        self.check_answers()
        return self

    def launch(self):
        raise NotImplementedError

    def await_ready(self):
        self.await_first_answer()

    def _run(self, name, command, **options):
        running = Running(self.title, command, self.setting.log(name), **options)
        self.running.append(running)
        return running

    def await_first_answer(self, port=None):
        """Wait for the first 200; return the time since the first process was started."""
        deadline = time.monotonic() + START_TIMEOUT
        while time.monotonic() < deadline:
            try:
                if get(port or self.port, "/hello")[0] == 200:
                    return time.monotonic() - self.running[0].started
            except OSError:
                pass
            for running in self.running:
                running.check_alive()
            time.sleep(0.002)
        raise Failure(f"{self.title} does not answer")

    def check_answers(self):
        """Fail unless the answers are those that all contenders are to give."""
        status, body = get(self.port, "/hello")
        if (status, body) != (200, b"Hello, World!"):
            raise Failure(f"{self.title} answers {status} {body!r} to /hello")
        status, body = get(self.port, "/json", ORDER)
        if status != 200 or json.loads(body) != INVOICE:
            raise Failure(f"{self.title} answers {status} {body!r} to /json")

    def front(self):
        """Return the processes that pass connections or requests on."""
        return []

    def workers(self):
        """Return the processes that answer."""
        raise NotImplementedError

    def check_alive(self):
        for running in self.running:
            running.check_alive()

    def stop(self):
        for running in reversed(self.running):
            running.end()
        self.running = []


class Plain(Contender):
    key = "plain"
    title = "one JVM"

    def __init__(self, setting, java_options=(), options=()):
        super().__init__(setting)
        self.java_options = list(java_options)
        self.options = list(options)

    def launch(self):
        self._run(self.key, [self.setting.java, *self.java_options, "-jar", self.setting.plain_jar,
                             f"--server.port={self.port}", *self.options])

    def workers(self):
        return [self.running[0].pid]


class Cluster(Contender):

    def __init__(self, setting, scheduling="round-robin", workers=WORKERS, java_options=(), options=()):
        super().__init__(setting)
        self.key = scheduling
        self.title = f"cluster, `{scheduling}`"
        self.scheduling = scheduling
        self.count = workers
        self.java_options = list(java_options)
        self.options = list(options)

    def launch(self):
        self._run("cluster-" + self.scheduling,
                  [self.setting.java, *self.java_options, "-jar", self.setting.cluster_jar,
                   f"--server.port={self.port}", f"--cluster.workers={self.count}",
                   f"--cluster.scheduling={self.scheduling}", *self.setting.cluster_options, *self.options])

    def await_ready(self):
        self.await_workers(self.count)

    def await_workers(self, count):
        """Wait until that many workers have become ready since the start; return the time since the start."""
        return self.running[0].await_output(" is ready after ", START_TIMEOUT, count)

    def front(self):
        return [self.running[0].pid]

    def workers(self):
        return self.running[0].children()


class Nginx(Contender):
    key = "nginx"
    title = "two JVMs behind nginx"

    def launch(self):
        ports = []
        while len(set(ports) | {self.port}) < WORKERS + 1:
            ports = [free_port() for _ in range(WORKERS)]
        for port in ports:
            self._run("nginx-jvm", [self.setting.java, "-jar", self.setting.plain_jar, f"--server.port={port}"])
        for port in ports:
            self.await_first_answer(port)
        prefix = os.path.join(self.setting.folder, f"nginx-{self.port}")
        os.makedirs(prefix, exist_ok=True)
        self._run("nginx", [self.setting.tools.nginx, "-e", "stderr", "-p", prefix, "-c", self._configuration(prefix, ports)],
                  environment=self.setting.tools.environment())

    def _configuration(self, prefix, ports):
        import resource
        files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "nginx.conf")) as template:
            text = template.read()
        for name, value in {"PORT": self.port, "FIRST": ports[0], "SECOND": ports[1], "FILES": files,
                            "CONNECTIONS": min(8192, files // 2)}.items():
            text = text.replace(f"@{name}@", str(value))
        file = os.path.join(prefix, "nginx.conf")
        with open(file, "w") as configuration:
            configuration.write(text)
        return file

    def front(self):
        return [self.running[-1].pid, *self.running[-1].children()]

    def workers(self):
        return [running.pid for running in self.running[:-1]]


class Node(Contender):
    key = "node"
    title = "Node's cluster"

    def launch(self):
        script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "node-cluster.js")
        self._run("node", [self.setting.tools.node, script, str(self.port), str(WORKERS)],
                  environment={**os.environ, "NODE_ENV": "production"})

    def await_ready(self):
        self.running[0].await_output("all workers are ready", START_TIMEOUT)

    def front(self):
        return [self.running[0].pid]

    def workers(self):
        return self.running[0].children()


def all_contenders(setting):
    return [Plain(setting), Cluster(setting, "round-robin"), Cluster(setting, "least-connections"),
            Cluster(setting, "reuse-port"), Nginx(setting), Node(setting)]


def get(port, path, order=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=START_TIMEOUT)
    try:
        if order is None:
            connection.request("GET", path)
        else:
            connection.request("POST", path, order, {"Content-Type": "application/json"})
        response = connection.getresponse()
        return response.status, response.read()
    except http.client.HTTPException as ex:
        raise ConnectionError(str(ex))
    finally:
        connection.close()
