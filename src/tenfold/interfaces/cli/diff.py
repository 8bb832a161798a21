"""``tenfold diff``: which inputs and figures moved an answer, term by term."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tenfold.interfaces.cli.options import JsonOption

if TYPE_CHECKING:
    from rich.console import RenderableType

    from tenfold.studies import Change, Moved

LISTED = 20
"""Changes of a kind that are printed; ``--json`` has all."""


def diff(
    before: Annotated[Path, typer.Argument(metavar="BEFORE.json", help="An answer (`--json`).")],
    after: Annotated[Path, typer.Argument(metavar="AFTER.json", help="An answer to the same question.")],
    as_json: JsonOption = False,
) -> None:
    """Say what was asked otherwise, which figures differ, and how every number of the answer moved."""
    from tenfold.interfaces.cli.answer_files import read_answer
    from tenfold.interfaces.cli.output import print_json, print_tables
    from tenfold.studies import moved

    found = moved(read_answer(before), read_answer(after))
    if as_json:
        print_json(found)
    else:
        print_tables(_tables(found))


def _tables(found: Moved) -> Iterator[RenderableType]:
    from rich.text import Text

    counts = f"{len(found.inputs)} inputs and {len(found.figures)} figures differ; {len(found.numbers)} numbers moved"
    yield Text(counts, style="bold")
    parts = (
        ("Made with", found.made),
        ("Asked", found.inputs),
        ("Figures", found.figures),
        ("Numbers, the largest change first", found.numbers),
        ("Words", found.words),
    )
    for title, changes in parts:
        if changes:
            yield Text("")
            yield _table(title, changes)


def _table(title: str, changes: Sequence[Change]) -> RenderableType:
    from tenfold.reports import Table, grid_table

    rows = tuple((change.name, _said(change.before), _said(change.after), _by(change)) for change in changes[:LISTED])
    if len(changes) > LISTED:
        rows = (*rows, (f"… {len(changes) - LISTED} more with --json", "", "", ""))
    return grid_table(title, Table(headers=("what", "before", "after", "change"), rows=rows, numeric=" rrr"))


def _said(value: object) -> str:
    if value is None:
        return "–"
    return f"{value:,.6g}" if isinstance(value, float) else str(value)


def _by(change: Change) -> str:
    """Relative change of a number."""
    if change.difference is None or not change.before:
        return ""
    return f"{change.difference / abs(change.before):+.2%}"
