"""``tenfold schema``: JSON schemas of the files Tenfold reads."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tenfold.interfaces.cli.file_kinds import WHAT
from tenfold.interfaces.cli.options import JsonOption, one_of

KINDS = tuple(WHAT)


def schema(
    kind: Annotated[
        str, typer.Argument(metavar="[KIND]", help=f"One of {', '.join(KINDS)}.", autocompletion=one_of(*KINDS))
    ] = "",
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Write the schema of every kind into this folder.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Print the JSON schema of a kind of file, for editors to complete and check it; without one, list the kinds."""
    from tenfold.interfaces.cli.files import write_whole
    from tenfold.interfaces.cli.output import print_json, print_tables
    from tenfold.interfaces.cli.schemas import schema_of
    from tenfold.quantities import to_json
    from tenfold.reports.tables import grid_table

    if out is not None:
        names = [kind] if kind else list(WHAT)
        made = {name: to_json(schema_of(name)) for name in names}
        for name, text in made.items():
            write_whole(out / f"{name}.schema.json", text, "--out")
        typer.echo(f"Wrote {len(made)} schemas to {out}", err=True)
    elif kind:
        print_json(schema_of(kind))
    elif as_json:
        print_json(WHAT)
    else:
        print_tables([grid_table("Files Tenfold reads", ("kind", "file"), list(WHAT.items()))])
