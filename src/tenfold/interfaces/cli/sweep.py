"""``tenfold sweep``: one question at many points, kept as a study that is resumed after anything."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tenfold.interfaces.cli.options import CatalogOption, JsonOption, SeedOption, open_catalog

if TYPE_CHECKING:
    from tenfold.catalog import Catalog
    from tenfold.quantities import Problem
    from tenfold.studies import Executor, Progress, Study

FEW = 8
"""Cells for which no process is started."""
WorkersOption = Annotated[
    int | None,
    typer.Option("--workers", metavar="COUNT", min=1, help="Processes.", show_default="one for each core"),
]
RayOption = Annotated[
    str, typer.Option("--ray", metavar="ADDRESS", help="Ray cluster to work on; `local` starts one here.")
]


def sweep(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The question as TOML or JSON.")],
    over: Annotated[
        list[str] | None,
        typer.Option("--over", metavar="PATH=VALUES", help="a,b or lo:hi:n or lo:hi:n:log; repeatable, all crossed."),
    ] = None,
    sample: Annotated[
        str, typer.Option("--sample", metavar="sobol:COUNT", help="Draw what --over PATH=lo:hi names.")
    ] = "",
    workers: WorkersOption = None,
    ray: RayOption = "",
    seed: SeedOption = None,
    as_json: JsonOption = False,
    catalog: CatalogOption = None,
) -> None:
    """Answer a question at every combination of values; asked again, it does what is left."""
    known = open_catalog(catalog)
    study = study_in(file, over or [], sample, seed, known, [folder.resolve().as_posix() for folder in catalog or ()])
    _say_changed(study)
    finish(study, workers, ray, as_json)


def study_in(
    file: Path, over: list[str], sample: str, seed: str | None, catalog: Catalog, overlays: list[str]
) -> Study:
    """Read a study. Raises ``InputError`` for a question that cannot be asked, and for what is wrong with ``over``."""
    from tenfold.quantities import InputError, Place, read_tree
    from tenfold.studies import named_in, read_over, read_question, read_sample, record_of, source_of, study_about

    name = named_in(read_tree(file, "Write one with: tenfold init plan"), str(file))
    source = source_of(name, file)
    asked = read_question(name, source, catalog, seed=seed)
    place = Place(file="--over", folder=source.folder, names=catalog)
    problems: list[Problem] = []
    varied = []
    for text in over:
        try:
            varied.append(read_over(text, record_of(name), place))
        except InputError as trouble:
            problems += trouble.problems
    twice = sorted({each.path for each in varied if [other.path for other in varied].count(each.path) > 1})
    problems += [Problem(file="--over", key=path, wrong="is given twice", remedy="Keep one of them") for path in twice]
    points = read_sample(sample) if sample and not problems else 0
    study = study_about(
        name, source, catalog, seed=asked.seed, varied=tuple(varied), sample=points, overlays=tuple(overlays)
    )
    problems += _wrong_values(study, catalog, source.folder)
    if problems:
        raise InputError(dict.fromkeys(problems))
    return study


def _wrong_values(study: Study, catalog: Catalog, folder: Path) -> Iterator[Problem]:
    """Say which values their field cannot hold, whatever the others are."""
    from dataclasses import replace

    from tenfold.quantities import InputError
    from tenfold.studies import Source, read_question, with_values

    for varied in study.varied:
        for value in varied.values or (varied.low, varied.high):
            tree = with_values(study.tree, {varied.path: value})
            try:
                read_question(study.name, Source(tree=tree, file="--over", folder=folder), catalog, seed=study.seed)
            except InputError as trouble:
                own = (each for each in trouble.problems if each.key == varied.path or "unknown key" in each.wrong)
                yield from (replace(each, file="--over") for each in own)


def _say_changed(study: Study) -> None:
    """Say where the same was studied over another catalog."""
    from dataclasses import replace

    from tenfold.studies import kept_studies

    same = replace(study, catalog="", tenfold="", folder="").data
    for kept in kept_studies():
        other = kept.study
        if kept.key != study.key and replace(other, catalog="", tenfold="", folder="").data == same:
            was = f"catalog {other.catalog}, Tenfold {other.tenfold}"
            typer.echo(f"note: study {kept.key} asked the same of {was}; this is a new study", err=True)
            return


def finish(study: Study, workers: int | None, ray: str, as_json: bool) -> None:
    """Do what is left of a study and print how it stands."""
    from tenfold.interfaces.cli.output import print_json, print_text
    from tenfold.studies import sweep as work_through

    with _progress() as told:
        stands = work_through(study, _executor(study, workers, ray), told)
    data = {"study": stands.study, "cells": stands.cells, "done": stands.done, "failed": stands.failed}
    if as_json:
        print_json(data)
        return
    print_text(
        f"Study {stands.study}: {stands.done:,} of {stands.cells:,} cells answered, {stands.failed:,} without.\n"
        f"Look at it: tenfold studies show {stands.study}\n"
    )


def _executor(study: Study, workers: int | None, ray: str) -> Executor:
    from tenfold.quantities import InputError, Problem
    from tenfold.studies import here, in_processes, on_ray

    if ray and workers:
        wrong, remedy = "is given beside --workers", "Keep one of them"
        raise InputError(Problem(file="--ray", key="", wrong=wrong, remedy=remedy))
    if ray:
        return on_ray(ray)
    few = sum(1 for _, _ in zip(range(FEW + 1), study.cells(), strict=False)) <= FEW
    count = workers or (1 if few else os.cpu_count() or 1)
    return here if count == 1 else in_processes(count)


@contextmanager
def _progress() -> Iterator[Callable[[Progress], None]]:
    from tenfold.interfaces.cli.output import progress_on
    from tenfold.quantities import format_quantity

    with progress_on("Sweeping") as bar:

        def told(stands: Progress) -> None:
            if bar is not None:
                left = "" if stands.left_s is None else f"about {format_quantity(stands.left_s, 's', 2)} left"
                bar((stands.done + stands.failed) / max(stands.cells, 1), left)

        yield told
