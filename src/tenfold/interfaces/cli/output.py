"""Answers to stdout, progress to stderr."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

import typer

if TYPE_CHECKING:
    from rich.console import RenderableType

PIPED_COLUMNS = 110
"""Width of tables that go to a file or a pipe."""


def print_json(result: object) -> None:
    """Print a result as JSON."""
    from tenfold.quantities import to_json

    print_text(to_json(result))


def print_text(text: str) -> None:
    """Print text in UTF-8, whatever the terminal's encoding."""
    typer.echo(text.encode(errors="replace"), nl=False)


def print_tables(parts: Iterable[RenderableType]) -> None:
    """Print tables, as wide as the terminal."""
    from rich.console import Console

    fixed = None if sys.stdout.isatty() or "COLUMNS" in os.environ else PIPED_COLUMNS
    console = Console(width=fixed, highlight=False, soft_wrap=False)
    for part in parts:
        console.print(part)


class Bar(Protocol):
    """A bar that is moved to the share done, with what is to be said beside it."""

    def __call__(self, share: float, beside: str = "") -> None:
        """Move it."""


@contextmanager
def progress_on(what: str) -> Iterator[Bar | None]:
    """Show a bar on stderr while the block runs, moved by the share done; None where stderr is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), TextColumn("{task.fields[beside]}"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=1.0, beside="")

        def moved(share: float, beside: str = "") -> None:
            bar.update(task, completed=share, beside=beside)

        yield moved
