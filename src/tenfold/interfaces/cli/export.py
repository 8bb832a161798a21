"""``tenfold export``: a plan as files that another tool launches."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tenfold.interfaces.cli.options import CatalogOption, JsonOption, SeedOption, one_of, open_catalog

if TYPE_CHECKING:
    from tenfold.catalog import Catalog
    from tenfold.reports.exports import Launch

TOOLS = ("megatron", "megatron-bridge", "torchtitan", "maxtext", "deepspeed", "slurm", "skypilot")


def export(
    file: Annotated[Path, typer.Argument(metavar="PLAN.json|GOAL.toml", help="Plan (`tenfold plan --json`) or goal.")],
    to: Annotated[str, typer.Option("--to", help=f"One of {', '.join(TOOLS)}.", autocompletion=one_of(*TOOLS))],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR|FILE", help="Folder, or file where there is only one.")
    ] = None,
    seed: SeedOption = None,
    as_json: JsonOption = False,
    catalog: CatalogOption = None,
) -> None:
    """Write the best design of a plan as files of a training tool or launcher; without --out, print them."""
    from tenfold.interfaces.cli.output import print_json
    from tenfold.reports.exports import WRITERS

    require_tool(to)
    files = WRITERS[to](launch_from(file, open_catalog(catalog), seed))
    if out is not None:
        for place in write_files(files, out):
            typer.echo(f"Written {place}", err=True)
    if as_json:
        print_json({"to": to, "files": dict(files)})
    elif out is None:
        print_files(files)


def require_tool(to: str) -> None:
    """Raise ``InputError`` with the nearest for a tool nothing can be written for."""
    import difflib

    from tenfold.quantities import InputError, Problem, shown

    if to in TOOLS:
        return
    close = difflib.get_close_matches(to, TOOLS, n=1)
    wrong = f"unknown tool {shown(to)}"
    if close:
        raise InputError(Problem(file="--to", key="", wrong=f"{wrong}: did you mean '{close[0]}'?", remedy=""))
    raise InputError(Problem(file="--to", key="", wrong=wrong, remedy=f"Use one of {', '.join(TOOLS)}"))


def launch_from(file: Path, catalog: Catalog, seed: str | None) -> Launch:
    """Read a plan, or plan a goal, and gather what a launcher needs of its best design."""
    from tenfold.interfaces.cli.answer_files import answer_data_of
    from tenfold.performance import choose_software
    from tenfold.reports.exports import PlanValues, launch_of
    from tenfold.workloads import find_model

    name, plan = str(file), answer_data_of(file, catalog, seed)
    _require_best(plan, name)
    best, goal = (PlanValues(file=name, tree=plan, at=part) for part in ("best", "question.goal"))
    chip = catalog.chip(best.text("chip"))
    return launch_of(
        plan,
        name,
        find_model(catalog, goal.text("model")),
        chip,
        catalog.system(best.text("system")),
        choose_software(catalog, chip, best.text("software")),
    )


def _require_best(plan: Mapping[str, Any], file: str) -> None:
    """Raise ``InputError`` for the answer to another question, and for a plan that found nothing."""
    from tenfold.quantities import InputError, Problem

    if plan["question_name"] != "plan":
        wrong, remedy = f"answers {plan['question_name']}, not plan", "Name a plan: tenfold plan GOAL.toml --json"
        raise InputError(Problem(file=file, key="question_name", wrong=wrong, remedy=remedy))
    if isinstance(plan.get("best"), Mapping):
        return
    remedy = "Change the goal as its 'infeasible' designs say, and plan anew"
    raise InputError(Problem(file=file, key="best", wrong="the plan found nothing that meets its goal", remedy=remedy))


def write_files(files: Mapping[str, str], out: Path) -> list[Path]:
    """Write files into a folder, made when it is not there; a single file may be named itself."""
    from tenfold.interfaces.cli.files import check_place, write_whole
    from tenfold.quantities import InputError, Problem, shown

    if len(files) == 1 and out.suffix and not out.is_dir():
        write_whole(out, next(iter(files.values())), "--out")
        return [out]
    places = {out / name: text for name, text in files.items()}
    try:
        for folder in sorted({place.parent for place in places}):
            folder.mkdir(parents=True, exist_ok=True)
    except OSError as trouble:
        wrong = f"{shown(str(out))} cannot be made a folder ({trouble.strerror})"
        raise InputError(Problem(file="--out", key="", wrong=wrong, remedy="Name a folder elsewhere")) from None
    for place in places:
        check_place(place, "--out")
    for place, text in places.items():
        write_whole(place, text, "--out")
    return list(places)


def print_files(files: Mapping[str, str]) -> None:
    """Print one file as it is; several with their names."""
    for name, text in files.items():
        if len(files) > 1:
            typer.echo(f"==> {name} <==")
        typer.echo(text.encode(), nl=False)
