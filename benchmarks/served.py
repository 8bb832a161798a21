"""The server of the page as its benchmarks start it, and the browser that looks at it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
END_S = 60.0
"""For a server to end its work and its workers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A server that answers."""

    process: int
    origin: str
    """Where it is, without a path."""
    token: str
    ready_s: float
    """From the command to the line that says where it is."""

    @property
    def first_address(self) -> str:
        """What a browser opens first, to be given its cookie."""
        return f"{self.origin}/?token={self.token}"

    @property
    def headers(self) -> dict[str, str]:
        """What an API client sends."""
        return {"Authorization": f"Bearer {self.token}"}


@contextmanager
def served() -> Iterator[Served]:
    """Start a server at a free port, and end it behind the block."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "tenfold", "web", "--port", "0", "--no-browser"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        origin, _, token = server.stdout.readline().split()[-1].partition("/?token=")
        ready_s = time.perf_counter() - began
        try:
            yield Served(process=server.pid, origin=origin, token=token, ready_s=ready_s)
        finally:
            server.terminate()
            server.wait(END_S)
