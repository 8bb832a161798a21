"""``tenfold studies``: what was swept, kept until it is deleted."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tenfold.interfaces.cli.options import JsonOption
from tenfold.interfaces.cli.sweep import RayOption, WorkersOption, finish

IdArgument = Annotated[str, typer.Argument(metavar="ID", help="A study, or the beginning of its identifier.")]
SHOWN = 20
"""Cells that are printed."""


def list_studies(as_json: JsonOption = False) -> None:
    """List every study with how far it is."""
    from tenfold.interfaces.cli.output import print_json, print_tables
    from tenfold.reports import Table, grid_table
    from tenfold.studies import done_places, kept_studies

    rows = []
    for kept in kept_studies():
        good = list(done_places(kept.key).values())
        rows.append({
            "study": kept.key, "question": kept.study.name, "made": kept.made, "cells": kept.cells, "done": sum(good),
            "failed": len(good) - sum(good), "catalog": kept.study.catalog,
        })  # fmt: skip
    if as_json:
        print_json(rows)
        return
    headers = ("study", "question", "made", "cells", "done", "failed", "catalog")
    cells = tuple(
        tuple(f"{row[name]:,}" if isinstance(row[name], int) else str(row[name]) for name in headers) for row in rows
    )
    print_tables([grid_table(f"{len(rows)} studies", Table(headers=headers, rows=cells, numeric="   rrr"))])


def show(study: IdArgument, as_json: JsonOption = False) -> None:
    """Show what a study varies, how far it is, and its first cells."""
    from tenfold.interfaces.cli.output import print_json, print_tables
    from tenfold.quantities import to_data
    from tenfold.reports import Table, grid_table
    from tenfold.studies import kept_study, rows_of

    kept = kept_study(study)
    outcomes = {place: (fits, wrong) for place, fits, wrong in rows_of(kept.key)}
    cells = list(kept.study.cells())
    good = sum(not wrong for _, wrong in outcomes.values())
    over = {each.path: to_data(list(each.values) or [each.low, each.high]) for each in kept.study.varied}
    head = {
        "study": kept.key, "question": kept.study.name, "catalog": kept.study.catalog, "cells": kept.cells,
        "done": good, "failed": len(outcomes) - good, "over": over,
    }  # fmt: skip
    if as_json:
        print_json(head)
        return
    names = [each.path for each in kept.study.varied]
    rows = tuple(
        (str(cell.place), *(str(cell.values[name]) for name in names), _state(outcomes.get(cell.place)))
        for cell in cells[:SHOWN]
    )
    title = f"Study {kept.key}: {kept.study.name}, {good:,} of {kept.cells:,} cells answered"
    print_tables([grid_table(title, Table(headers=("cell", *names, "outcome"), rows=rows, numeric="r"))])
    if len(cells) > SHOWN:
        typer.echo(f"{len(cells) - SHOWN:,} more; all of them: tenfold studies export {kept.key} FILE.csv", err=True)


def _state(outcome: tuple[bool | None, str] | None) -> str:
    if outcome is None:
        return "to do"
    fits, wrong = outcome
    return wrong.splitlines()[0] if wrong else "answered" if fits else "nothing fits"


def resume(study: IdArgument, workers: WorkersOption = None, ray: RayOption = "", as_json: JsonOption = False) -> None:
    """Do what is left of a study."""
    from tenfold.interfaces.cli.options import open_catalog
    from tenfold.quantities import VERSION, InputError, Problem
    from tenfold.studies import kept_study

    kept = kept_study(study)
    now = open_catalog([Path(each) for each in kept.study.overlays]).version, VERSION
    if now != (kept.study.catalog, kept.study.tenfold):
        was = f"catalog {kept.study.catalog}, Tenfold {kept.study.tenfold}"
        wrong = f"study {kept.key} was made with {was}, and now it is catalog {now[0]}, Tenfold {now[1]}"
        remedy = "Sweep anew: a changed catalog is a new study"
        raise InputError(Problem(file="ID", key="", wrong=wrong, remedy=remedy))
    finish(kept.study, workers, ray, as_json)


def export(
    study: IdArgument,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="File to write: .parquet, .csv or .json.")],
) -> None:
    """Write a study into one file, the same bytes however it was worked out."""
    from tenfold.interfaces.cli.files import check_place
    from tenfold.studies import export_study

    check_place(file, "FILE")
    export_study(study, file)
    typer.echo(f"Wrote {file}", err=True)


def import_file(
    file: Annotated[Path, typer.Argument(metavar="FILE.parquet", help="A study that was exported.")],
) -> None:
    """Add a study that was exported as Parquet."""
    from tenfold.studies import import_study

    typer.echo(f"Study {import_study(file)}")


def delete(study: IdArgument) -> None:
    """Take a study and its cells away."""
    from tenfold.studies import delete_study, kept_study

    key = kept_study(study).key
    delete_study(key)
    typer.echo(f"Deleted {key}", err=True)
