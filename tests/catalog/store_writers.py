"""Other processes that use a store, started from a server that has read the code already."""

from __future__ import annotations

import itertools
import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Concatenate, ParamSpec

from tenfold.catalog.store import Store, writing

NOTES = Store(
    name="notebook",
    file_name="notes.duckdb",
    version=3,
    renew="write its notes again",
    tables="CREATE TABLE notes (text VARCHAR NOT NULL)",
)
Given = ParamSpec("Given")
_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["__main__", "duckdb", "platformdirs", "tenfold.catalog.store"])


@dataclass(frozen=True)
class Other:
    process: BaseProcess
    line: Connection
    """What the process says."""

    def all_said(self) -> list[int]:
        """Everything until the process ends."""
        said: list[int] = []
        try:
            while True:
                said.append(self.line.recv())
        except EOFError:
            return said


@contextmanager
def started(
    act: Callable[Concatenate[Connection, str, Given], None], *args: Given.args, **kwargs: Given.kwargs
) -> Iterator[Other]:
    """A process that acts in our home; waited for at the end."""
    line, theirs = _CONTEXT.Pipe(duplex=False)
    process = _CONTEXT.Process(target=act, args=(theirs, os.environ["TENFOLD_HOME"], *args), kwargs=kwargs)
    process.start()
    theirs.close()
    try:
        with line:
            yield Other(process, line)
    finally:
        process.join()


def hold(line: Connection, home: str, seconds: float) -> None:
    """Keep a write open."""
    os.environ["TENFOLD_HOME"] = home
    with writing(NOTES):
        line.send(os.getpid())
        time.sleep(seconds)


def add_one(_: Connection, home: str, text: str) -> None:
    """Write one note."""
    os.environ["TENFOLD_HOME"] = home
    with writing(NOTES) as connection:
        connection.execute("INSERT INTO notes VALUES (?)", [text])


def add_batches(line: Connection, home: str, batch: int) -> None:
    """Write for ever, a batch a write, and say how many are written."""
    os.environ["TENFOLD_HOME"] = home
    for done in itertools.count():
        line.send(done)
        with writing(NOTES) as connection:
            connection.execute("INSERT INTO notes SELECT range::VARCHAR FROM range(?)", [batch])


def die_while_making(_: Connection, home: str) -> None:
    """Be killed between making a store and putting it in place."""
    os.environ["TENFOLD_HOME"] = home
    Path.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)  # type: ignore[assignment,method-assign]
    with writing(NOTES):
        pass
