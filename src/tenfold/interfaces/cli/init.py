"""``tenfold init``: a file to start from, for any question."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from tenfold.interfaces.cli.options import one_of
from tenfold.studies import NAME_OF_ADDRESS

USUAL = "plan"
"""Question that is meant when only a file is named."""


def init(
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[NAME] [FILE]",
            help="Question, see `tenfold questions`, and file to write; NAME.toml when left out.",
            autocompletion=one_of(*NAME_OF_ADDRESS),
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite a file that is there.")] = False,
) -> None:
    """Write a commented file to start from, with the data it names beside it."""
    from tenfold.interfaces.cli.files import write_new
    from tenfold.studies import address_of, example_files

    question, file = asked_for(words or [])
    place = file or Path("goal.toml" if question == USUAL else f"{address_of(question)}.toml")
    text, data = example_files(question)
    write_new(place, text, data, force=force)
    typer.echo(f"Wrote {place}. Ask it with: tenfold {question} {place}")


def asked_for(words: Sequence[str]) -> tuple[str, Path | None]:
    """Question and file that are meant: the name as one word or as several, the usual one where only a file is named.

    Raises ``InputError`` for a question that nobody knows, and for more than one file.
    """
    from tenfold.quantities import InputError, Problem
    from tenfold.studies import known_name

    if not words or (len(words) == 1 and words[0].endswith(".toml")):
        return USUAL, Path(words[0]) if words else None
    several = "-".join(words[:2])
    named = 2 if len(words) > 1 and several in NAME_OF_ADDRESS else 1
    question, files = known_name(several if named == 2 else words[0]), words[named:]
    if len(files) > 1:
        raise InputError(Problem(file="", key="", wrong=f"{len(files)} files are named", remedy="Name one"))
    return question, Path(files[0]) if files else None
