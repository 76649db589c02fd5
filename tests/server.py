"""A server of the app, or of another script, for tests and benchmarks."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Server:
    """A running server: its address and its process."""

    address: str
    process: "subprocess.Popen[bytes]"

    def seconds_of_work(self) -> float:
        """Return the processor time it has used so far (Linux)."""
        return _seconds(self.process.pid)

    def seconds_of_workers(self) -> float:
        """Return the processor time that its processes for heavy work have used (Linux)."""
        task = Path(f"/proc/{self.process.pid}/task")
        found = " ".join((one / "children").read_text() for one in task.iterdir())
        return sum(_seconds(int(pid)) for pid in set(found.split()))

    def memory(self) -> int:
        """Return the bytes it has in memory now (Linux)."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")


def _seconds(pid: int) -> float:
    stat = Path(f"/proc/{pid}/stat").read_text()
    user, system = stat.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


@contextmanager
def start(
    script: str,
    log: BinaryIO | None = None,
    settings: Mapping[str, str] | None = None,
    port: int = 0,
) -> Iterator[Server]:
    """Serve a script on a free port with the app's settings; yield once it is healthy.

    What it prints goes into ``log``; ``settings`` are added to its environment.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = port or probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "streamlit", "run", script, f"--server.port={port}"]
    server = subprocess.Popen(
        [*command, "--server.address=127.0.0.1"],
        cwd=ROOT,
        env={**os.environ, "PYTHONWARNINGS": "default", **(settings or {})},
        stdout=log or subprocess.DEVNULL,
        stderr=subprocess.STDOUT,
    )
    try:
        _wait_until_healthy(server, f"{address}/_stcore/health")
        yield Server(address, server)
    finally:
        server.terminate()
        server.wait(timeout=20)


@contextmanager
def serve(script: str = "app.py") -> Iterator[str]:
    """Start the app, or another script; yield its address."""
    with start(script) as server:
        yield server.address


def _wait_until_healthy(server: "subprocess.Popen[bytes]", address: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert server.poll() is None, "the server stopped while starting"
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise AssertionError("the server did not become healthy within a minute")
