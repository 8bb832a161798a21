"""The same work in this process, in processes, or on Ray: outcomes come in the order in which they are ready.

Every executor is called as ``executor(place, jobs)``, where ``place`` is ``module:function`` of one job, and gives each
job's number with its result. A job whose worker died is done again; one that raises is not, and its error is raised.
"""

from __future__ import annotations

import contextlib
import itertools
import multiprocessing
import os
import signal
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from multiprocessing.connection import Connection, wait
from typing import Any

from tenfold.quantities import InputError, Problem, TenfoldError, shown

Executor = Callable[[str, Iterable[Any]], Iterator[tuple[int, Any]]]
CHUNK_S = 1.0
"""How long what is sent at once should take."""
MOST_AT_ONCE = 256
TRIES = 3
"""Of a job whose worker dies."""


class WorkerDied(TenfoldError):  # noqa: N818  (says what happened)
    """A job that ended its worker every time."""


def function_at(place: str) -> Callable[[Any], Any]:
    """Function named ``module:function``."""
    module, _, name = place.partition(":")
    found: Callable[[Any], Any] = getattr(import_module(module), name)
    return found


def here(place: str, jobs: Iterable[Any]) -> Iterator[tuple[int, Any]]:
    """Do the jobs in this process, one after another."""
    work = function_at(place)
    for number, job in enumerate(jobs):
        yield number, work(job)


def heard_here(heard: Callable[[object], None]) -> Executor:
    """Do the jobs in this process; ``heard`` is given every answer before the text of it is kept."""

    def run(place: str, jobs: Iterable[Any]) -> Iterator[tuple[int, Any]]:
        work: Callable[..., Any] = function_at(place)
        for number, job in enumerate(jobs):
            yield number, work(job, heard)

    return run


def in_processes(workers: int) -> Executor:
    """Do the jobs in so many processes."""

    def run(place: str, jobs: Iterable[Any]) -> Iterator[tuple[int, Any]]:
        crew = _Crew(place, enumerate(jobs), workers)
        try:
            yield from crew.run()
        finally:
            crew.close()

    return run


def _serve(pipe: Connection, place: str) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    work = function_at(place)
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            began = time.perf_counter()
            done: list[tuple[int, Any]] = []
            error: Exception | None = None
            for number, job in pipe.recv():
                began = began if done else time.perf_counter()
                try:
                    done.append((number, work(job)))
                except Exception as trouble:
                    error = RuntimeError(f"cell {number}: {type(trouble).__name__}: {trouble}")
                    break
            pipe.send((done, error, time.perf_counter() - began))


class _Crew:
    """Workers with a pipe each; what each was sent is known until it answers, so that a death loses nothing."""

    def __init__(self, place: str, jobs: Iterator[tuple[int, Any]], workers: int) -> None:
        self._place, self._jobs, self._workers = place, jobs, workers
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["tenfold.studies.cells", "numpy"])
        self._again: deque[tuple[int, Any]] = deque()
        self._tries: dict[int, int] = {}
        self._sent: dict[Connection, list[tuple[int, Any]]] = {}
        self._process: dict[Connection, Any] = {}
        self._each_s = CHUNK_S

    def run(self) -> Iterator[tuple[int, Any]]:
        """Give every outcome as it comes. Raises what a job raised, and ``WorkerDied``."""
        for _ in range(self._workers):
            self._hire()
        while self._sent:
            for pipe in wait(list(self._sent)):
                yield from self._collect(pipe)  # type: ignore[arg-type]

    def _hire(self) -> None:
        chunk = self._next()
        if not chunk:
            return
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=_serve, args=(theirs, self._place), daemon=True)
        process.start()
        theirs.close()
        self._process[ours] = process
        self._send(ours, chunk)

    def _send(self, pipe: Connection, chunk: list[tuple[int, Any]]) -> None:
        self._sent[pipe] = chunk
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # its end is seen when it is waited for
            pipe.send(chunk)

    def _next(self) -> list[tuple[int, Any]]:
        """Jobs for about a second, those to be done again first, each alone."""
        if self._again:
            return [self._again.popleft()]
        count = max(1, min(MOST_AT_ONCE, int(CHUNK_S / max(self._each_s, 1e-6))))
        return list(itertools.islice(self._jobs, count))

    def _collect(self, pipe: Connection) -> Iterator[tuple[int, Any]]:
        chunk = self._sent.pop(pipe)
        try:
            done, error, took_s = pipe.recv()
        except (EOFError, ConnectionResetError):
            self._bury(pipe, chunk)
            self._hire()
            return
        if done:
            self._each_s = took_s / len(done)
        yield from done
        if error is not None:
            raise error
        following = self._next()
        if following:
            self._send(pipe, following)
        else:
            self._dismiss(pipe)

    def _bury(self, pipe: Connection, chunk: list[tuple[int, Any]]) -> None:
        """A worker died: what it held is done again, unless it died of the same too often."""
        self._dismiss(pipe)
        for number, job in chunk:
            self._tries[number] = self._tries.get(number, 0) + 1
            if self._tries[number] >= TRIES:
                raise WorkerDied(f"cell {number} ended its worker {TRIES} times")
            self._again.append((number, job))

    def _dismiss(self, pipe: Connection) -> None:
        pipe.close()
        process = self._process.pop(pipe)
        process.join(1.0)
        if process.is_alive():
            process.kill()

    def close(self) -> None:
        """End every worker that is left."""
        for pipe, process in list(self._process.items()):
            process.kill()
            pipe.close()
        self._process.clear()


def on_ray(address: str, in_flight: int = 0) -> Executor:
    """Do the jobs on a Ray cluster; ``local`` starts one on this machine.

    Raises ``InputError`` without Ray, and where no cluster answers.
    """

    def run(place: str, jobs: Iterable[Any]) -> Iterator[tuple[int, Any]]:
        ray = _ray()
        started = not ray.is_initialized()
        if started:
            _join(ray, address)
        try:
            yield from _on_ray(ray, place, enumerate(jobs), in_flight or 2 * int(ray.cluster_resources().get("CPU", 1)))
        finally:
            if started:
                ray.shutdown()

    return run


def _ray() -> Any:  # noqa: ANN401  (the module)
    os.environ.setdefault("RAY_ENABLE_UV_RUN_RUNTIME_ENV", "0")  # workers run the Python that is here
    try:
        import ray
    except ImportError:
        wrong, remedy = "Ray is not installed", "Install it: pip install 'tenfold[cluster]'"
        raise InputError(Problem(file="--ray", key="", wrong=wrong, remedy=remedy)) from None
    return ray


def _join(ray: Any, address: str) -> None:  # noqa: ANN401
    """Join a cluster, or start one. Ray says with any kind of exception that it cannot."""
    where = None if address == "local" else address
    try:
        ray.init(address=where, log_to_driver=False, include_dashboard=False, configure_logging=False)
    except Exception as trouble:
        said = str(trouble).splitlines()[0][:200] if str(trouble) else type(trouble).__name__
        wrong = f"no Ray cluster answers at {shown(address)} ({said})"
        remedy = "Start one with: ray start --head, and name its address; --workers does without"
        raise InputError(Problem(file="--ray", key="", wrong=wrong, remedy=remedy)) from None


def _chunk(place: str, chunk: list[tuple[int, Any]]) -> tuple[list[tuple[int, Any]], float]:
    """Do a chunk of jobs on a worker of Ray."""
    began, work = time.perf_counter(), function_at(place)
    done = [(number, work(job)) for number, job in chunk]
    return done, time.perf_counter() - began


def _on_ray(ray: Any, place: str, jobs: Iterator[tuple[int, Any]], most: int) -> Iterator[tuple[int, Any]]:  # noqa: ANN401
    """Keep so many chunks in flight; a chunk whose worker died is retried by Ray, one that raises is not."""
    remote = ray.remote(max_retries=TRIES - 1, retry_exceptions=False)(_chunk)
    each_s, flying = CHUNK_S, list[Any]()
    while True:
        while len(flying) < most:
            count = max(1, min(MOST_AT_ONCE, int(CHUNK_S / max(each_s, 1e-6))))
            chunk = list(itertools.islice(jobs, count))
            if not chunk:
                break
            flying.append(remote.remote(place, chunk))
        if not flying:
            return
        ready, flying = ray.wait(flying, num_returns=1)
        done, took_s = ray.get(ready[0])
        each_s = took_s / max(len(done), 1)
        yield from done
