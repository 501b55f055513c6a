"""What the benchmark needs besides a JDK and Maven: found, or fetched from Debian packages."""

import os
import re
import shutil
import subprocess

from processes import Failure


class Tools:
    """The programs that the contenders and loads are made of."""

    def __init__(self, target):
        self.folder = os.path.join(target, "tools")
        os.makedirs(self.folder, exist_ok=True)
        # nginx is not installed, since its package would start a server on port 80
        self.wrk = self._find("wrk")
        self.nginx = self._find("nginx")
        self.node = shutil.which("node") or self._install("nodejs", "node")

    def environment(self):
        """Return the environment in which the fetched programs find their libraries."""
        environment = dict(os.environ)
        libraries = [path for path, _, files in os.walk(self.folder) if any(".so" in file for file in files)]
        if libraries:
            known = environment.get("LD_LIBRARY_PATH")
            environment["LD_LIBRARY_PATH"] = ":".join(libraries + ([known] if known else []))
        return environment

    def _find(self, name):
        installed = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin")
        return installed or self._unpacked(name) or self._fetch(name)

    def _unpacked(self, name):
        for folder in ("usr/bin", "usr/sbin"):
            path = os.path.join(self.folder, folder, name)
            if os.access(path, os.X_OK):
                return path
        return None

    def _fetch(self, name):
        """Unpack a Debian package and what it depends on. Needs no rights and installs nothing."""
        print(f"Fetching the Debian package {name}", flush=True)
        if not self._download(name) and os.getuid() == 0:
            subprocess.run(["apt-get", "update", "-qq"], check=False, timeout=300)
            self._download(name)
        for file in os.listdir(self.folder):
            if file.endswith(".deb"):
                subprocess.run(["dpkg", "-x", file, "."], cwd=self.folder, check=True, timeout=60)
                os.remove(os.path.join(self.folder, file))
        path = self._unpacked(name)
        if path is None:
            raise Failure(f"{name} is needed and could not be fetched: apt-get install {name}")
        return path

    def _download(self, name):
        packages = self._missing_packages(name)
        return bool(packages) and subprocess.run(["apt-get", "download", "-qq", *packages], cwd=self.folder,
                                                 stderr=subprocess.DEVNULL, timeout=300).returncode == 0

    @staticmethod
    def _missing_packages(name):
        try:
            simulation = subprocess.run(["apt-get", "-s", "install", "--no-install-recommends", name],
                                        capture_output=True, text=True, timeout=60)
        except FileNotFoundError:
            raise Failure(f"{name} is needed, and this machine has no apt-get")
        # with the version that the simulation has chosen
        return [f"{package}={version}" for package, version in
                re.findall(r"^Inst (\S+) (?:\[\S+\] )?\((\S+)", simulation.stdout, re.MULTILINE)]

    @staticmethod
    def _install(package, name):
        if os.getuid() != 0 or not shutil.which("apt-get"):
            raise Failure(f"{name} is needed: apt-get install {package}")
        print(f"Installing the Debian package {package}", flush=True)
        install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", package]
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        if subprocess.run(install, env=environment, timeout=600).returncode != 0:
            subprocess.run(["apt-get", "update", "-qq"], check=True, timeout=300)
            subprocess.run(install, env=environment, check=True, timeout=600)
        return shutil.which(name)

    def versions(self):
        """Return name and version of each program."""
        def said(*command):
            done = subprocess.run(command, capture_output=True, text=True, timeout=20, env=self.environment())
            return (done.stdout + done.stderr).strip()

        def number(text):
            found = re.search(r"\d+(\.\d+)+", text)
            return found.group() if found else "?"

        return {"wrk": number(said(self.wrk, "-v")), "nginx": number(said(self.nginx, "-v")),
                "Node": number(said(self.node, "--version"))}
