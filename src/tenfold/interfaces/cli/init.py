"""``tenfold init``: a goal file to start from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def init(
    file: Annotated[Path, typer.Argument(metavar="[FILE]", help="Goal file to write.")] = Path("goal.toml"),
    force: Annotated[bool, typer.Option("--force", help="Overwrite a file that is there.")] = False,
) -> None:
    """Write a commented goal file to start from."""
    from tenfold.interfaces.cli.files import write_whole
    from tenfold.planning.goal_template import GOAL_TEMPLATE
    from tenfold.quantities import InputError, Problem

    if file.exists() and not file.is_dir() and not force:
        remedy = "Name another file, or add --force to overwrite it"
        raise InputError(Problem(file=str(file), key="", wrong="is there already", remedy=remedy))
    write_whole(file, GOAL_TEMPLATE, "FILE")
    typer.echo(f"Wrote {file}. Plan it with: tenfold plan {file}")
