"""The demo office as a person starts it: its own process and its own instance folder."""

import os
import re
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

ACCOUNT = re.compile(r"^account (?P<username>\S+) (?P<password>\S+) (?P<role>\S+)$")
READY = re.compile(r"^ready (?P<address>http://\S+?)/?$")


class Account(NamedTuple):
    """One of the demo's accounts."""

    username: str
    password: str
    role: str


@contextmanager
def demo_office() -> Iterator[tuple[str, list[Account]]]:
    """A demo server with an instance folder of its own, as `dev.py demo` starts it."""
    with tempfile.TemporaryDirectory(prefix="wl-shots-") as folder, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        program = Path(sys.executable).parent / "worker-legal"
        command = [str(program), "demo", "--port", str(port)]
        environment = {**os.environ, "WL_INSTANCE": folder, "PYTHONUNBUFFERED": "1"}
        with subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, text=True
        ) as server:
            try:
                yield read_banner(server)
                assert server.poll() is None, f"the demo has ended with {server.poll()}"
            finally:
                server.terminate()


def read_banner(server: "subprocess.Popen[str]") -> tuple[str, list[Account]]:
    """What the demo prints until it is ready."""
    accounts: list[Account] = []
    for line in server.stdout or ():
        if account := ACCOUNT.match(line.strip()):
            accounts.append(Account(**account.groupdict()))
        elif ready := READY.match(line.strip()):
            return ready["address"], accounts
    raise SystemExit("the demo office did not become ready")
