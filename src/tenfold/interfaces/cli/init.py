"""``tenfold init``: a file to start from, for any question."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tenfold.interfaces.cli.options import one_of
from tenfold.studies import NAME_OF_ADDRESS

USUAL = "plan"
"""Question that is meant when only a file is named."""


def init(
    name: Annotated[
        str,
        typer.Argument(
            metavar="[NAME]", help="Question, see `tenfold questions`.", autocompletion=one_of(*NAME_OF_ADDRESS)
        ),
    ] = USUAL,
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="File to write; NAME.toml when left out.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite a file that is there.")] = False,
) -> None:
    """Write a commented file to start from, with the data it names beside it."""
    from tenfold.interfaces.cli.files import write_new
    from tenfold.studies import address_of, example_files, known_name

    if file is None and name.endswith(".toml"):
        name, file = USUAL, Path(name)
    question = known_name(name)
    place = file or Path("goal.toml" if question == USUAL else f"{address_of(question)}.toml")
    text, data = example_files(question)
    write_new(place, text, data, force=force)
    typer.echo(f"Wrote {place}. Ask it with: tenfold {question} {place}")
