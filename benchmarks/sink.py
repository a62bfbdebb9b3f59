"""Where the mails go: Postfix's smtp-sink, which takes them as fast as anything can send and throws them away.

Only this program of Debian's package is used: unpacked into a folder of ours, so nothing is installed or started.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

UNPACKED = Path(__file__).with_name(".postfix")
PATIENCE = 10.0  # seconds until it listens


def set_up() -> None:
    """Unpacks the package unless smtp-sink is there; where that cannot be done, says what to run and ends."""
    if _program():
        return
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        os.chmod(folder, 0o777)  # apt downloads as a user of its own
        fetched = subprocess.run(["apt-get", "download", "postfix"], cwd=folder, capture_output=True, check=False)
        for package in Path(folder).glob("postfix_*.deb"):
            subprocess.run(["dpkg-deb", "-x", package, UNPACKED], check=True)
    if fetched.returncode or not _program():
        sys.exit("smtp-sink is missing. Run: apt-get update && apt-get install --no-install-recommends postfix")


@contextmanager
def sink() -> Iterator[tuple[psutil.Process, int]]:
    """A running smtp-sink on loopback and its port."""
    port = _free_port()
    libraries = os.environ | {"LD_LIBRARY_PATH": str(UNPACKED / "usr" / "lib" / "postfix")}
    command = [_program() or "", "-u", "nobody", "-m", "512", f"127.0.0.1:{port}", "512"]
    process = subprocess.Popen(command, env=libraries, cwd="/")
    try:
        _await(port)
        yield psutil.Process(process.pid), port
    finally:
        process.kill()
        process.wait()


def _program() -> str | None:
    unpacked = UNPACKED / "usr" / "sbin" / "smtp-sink"
    return str(unpacked) if unpacked.exists() else shutil.which("smtp-sink", path=f"{os.defpath}:/usr/sbin")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _await(port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return
