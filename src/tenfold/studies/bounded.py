"""Work within bounds: processes that do one job at a time, and are ended when a job takes more than it may.

The limits are the system's own, so that no code can pass them over: a timer of CPU time ends the process, the size of
its data is limited, and whoever waits kills it by the clock. A worker is forked from a server that has loaded what the
work needs, so a new one stands at once.
"""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import resource
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib import import_module
from multiprocessing.connection import Connection
from typing import Any

from tenfold.quantities import TenfoldError

START_S = 60.0
"""For a process to load what it needs."""
GRACE_S = 5.0
"""For a process that has been told to end."""


class TooMuchWorkError(TenfoldError):
    """A job that takes more than it may."""


class BusyError(TenfoldError):
    """As many jobs wait already as may."""


class WorkFault(TenfoldError):  # noqa: N818  (not a user's error: a fault in the code of the work)
    """An exception that nobody expected, as text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one job may take."""

    cpu_s: float = 2.0
    data_bytes: int = 1_000_000_000
    """Beyond what the worker holds before it begins."""
    wall_s: float = 20.0

    @property
    def words(self) -> str:
        """Say it."""
        return f"{self.cpu_s:g} s of CPU, {self.data_bytes / 1e9:g} GB, {self.wall_s:g} s in all"


def _serve(pipe: Connection, place: str, limits: Limits) -> None:
    """Do jobs until whoever asks has gone; ``place`` is ``module:function`` of one job."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    module, _, name = place.partition(":")
    work: Callable[[Any], Any] = getattr(import_module(module), name)
    _limit_data(limits.data_bytes)
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        pipe.send("ready")
        while True:
            job = pipe.recv()
            signal.setitimer(signal.ITIMER_PROF, limits.cpu_s)
            found = _outcome(work, job)
            signal.setitimer(signal.ITIMER_PROF, 0.0)
            pipe.send(found)


def _outcome(work: Callable[[Any], Any], job: object) -> tuple[str, Any]:
    try:
        return "done", work(job)
    except MemoryError:
        return "memory", None
    except Exception as trouble:
        import traceback

        return "fault", f"{type(trouble).__name__}: {trouble}\n{traceback.format_exc()}"


def _limit_data(more: int) -> None:
    """Let the process hold so much more data than now, where the system can say and limit it."""
    if not sys.platform.startswith("linux"):
        return
    with open("/proc/self/statm", encoding="ascii") as said:  # noqa: PTH123
        pages = int(said.read().split()[5])
    most = pages * resource.getpagesize() + more
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (most if hard < 0 else min(most, hard), hard))


class _Worker:
    """One process, made when it is first needed and again when it was ended."""

    def __init__(self, place: str, limits: Limits, preload: Sequence[str]) -> None:
        self._place, self._limits = place, limits
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(list(preload))
        self._turn = threading.Lock()
        self._process: Any = None
        self._pipe: Connection | None = None
        self._ready = False

    def prepare(self) -> None:
        """Make the process now, unless it is there."""
        with self._turn:
            if self._pipe is None:
                self._start()

    def _start(self) -> None:
        ours, theirs = self._context.Pipe()
        self._process = self._context.Process(target=_serve, args=(theirs, self._place, self._limits), daemon=True)
        self._process.start()
        theirs.close()
        self._pipe, self._ready = ours, False

    def _wait(self, pipe: Connection) -> None:
        """Wait until a new process has loaded what it needs: that is no part of a job."""
        if not self._ready and (not pipe.poll(START_S) or pipe.recv() != "ready"):
            raise EOFError
        self._ready = True

    def ask(self, job: object) -> Any:  # noqa: ANN401  (what the work gives)
        """Do a job. Raises ``TooMuchWorkError`` or ``WorkFault``; afterwards a new process stands where one ended."""
        with self._turn:
            if self._pipe is None or not self._process.is_alive():
                self._start()
            pipe = self._pipe
            if pipe is None:
                raise WorkFault("no worker could be started")
            try:
                self._wait(pipe)
                pipe.send(job)
                if not pipe.poll(self._limits.wall_s):
                    raise TooMuchWorkError("took too long")
                how, found = pipe.recv()
            except (EOFError, OSError, TooMuchWorkError):
                self._end()
                raise TooMuchWorkError(f"needs more than {self._limits.words}") from None
        if how == "memory":
            raise TooMuchWorkError(f"needs more than {self._limits.words}")
        if how == "fault":
            raise WorkFault(found)
        return found

    def kill(self) -> None:
        """End what runs now."""
        if self._process is not None and self._process.is_alive():
            self._process.kill()

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.join(GRACE_S)
        if self._pipe is not None:
            self._pipe.close()
        self._process = self._pipe = None

    def close(self) -> None:
        """End the process."""
        self.kill()
        with self._turn:
            self._end()


class Lane:
    """Workers that share a queue: first come, first served; so many may wait, and the rest are told at once.

    With ``ends_stale``, a worker is ended when whoever waits gives up; without, it finishes and keeps what it knows.
    """

    def __init__(
        self,
        place: str,
        *,
        workers: int,
        limits: Limits,
        waiting: int,
        ends_stale: bool = True,
        preload: Sequence[str] = (),
    ) -> None:
        self._ends_stale = ends_stale
        self._workers = [_Worker(place, limits, preload) for _ in range(workers)]
        self._threads = ThreadPoolExecutor(max_workers=workers)
        self._free: asyncio.Queue[_Worker] = asyncio.Queue()
        for worker in self._workers:
            self._free.put_nowait(worker)
        self._room = workers + waiting

    async def run(self, job: object) -> Any:  # noqa: ANN401  (what the work gives)
        """Do a job when a worker is free.

        Raises ``BusyError`` when too many wait, ``TooMuchWorkError`` and ``WorkFault`` as the work does.
        """
        if self._room <= 0:
            raise BusyError("too many wait already")
        self._room -= 1
        try:
            worker = await self._free.get()
            try:
                return await asyncio.get_running_loop().run_in_executor(self._threads, worker.ask, job)
            except asyncio.CancelledError:
                if self._ends_stale:
                    worker.kill()
                raise
            finally:
                self._free.put_nowait(worker)
        finally:
            self._room += 1

    def start(self) -> None:
        """Make every worker now, so that the first to ask need not wait."""
        for worker in self._workers:
            worker.prepare()

    def close(self) -> None:
        """End every worker."""
        for worker in self._workers:
            worker.close()
        self._threads.shutdown(wait=False, cancel_futures=True)
