"""``tenfold schema``: JSON schemas of the files Tenfold reads."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tenfold.interfaces.cli.file_kinds import WHAT
from tenfold.interfaces.cli.options import JsonOption, one_of
from tenfold.studies import NAME_OF_ADDRESS, QUESTIONS

KINDS = (*NAME_OF_ADDRESS, *WHAT)


def schema(
    kind: Annotated[
        str,
        typer.Argument(
            metavar="[KIND]", help="A question, or a kind of file; listed without.", autocompletion=one_of(*KINDS)
        ),
    ] = "",
    answer: Annotated[bool, typer.Option("--answer", help="Of the answer's JSON, not of the question.")] = False,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Write the schema of every kind into this folder.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Print the JSON schema of a question, an answer or a kind of file; without one, list the kinds."""
    from tenfold.interfaces.cli.files import write_whole
    from tenfold.interfaces.cli.output import print_json, print_tables
    from tenfold.interfaces.cli.schemas import schema_of
    from tenfold.quantities import to_json
    from tenfold.reports import Table, grid_table

    listed = listed_kinds()
    if out is not None:
        made = {name: to_json(schema_of(name, answer=answer)) for name in ([kind] if kind else listed)}
        for name, text in made.items():
            write_whole(out / f"{name}.schema.json", text, "--out")
        typer.echo(f"Wrote {len(made)} schemas to {out}", err=True)
    elif kind:
        print_json(schema_of(kind, answer=answer))
    elif as_json:
        print_json(listed)
    else:
        print_tables([grid_table("What has a schema", Table(headers=("kind", "file"), rows=tuple(listed.items())))])


def listed_kinds() -> dict[str, str]:
    """Everything that has a schema: questions first, then kinds of files, each with its line."""
    return {address: QUESTIONS[name].summary for address, name in NAME_OF_ADDRESS.items()} | dict(WHAT)
