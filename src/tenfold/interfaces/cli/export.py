"""``tenfold export``: a plan as files that another tool launches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tenfold.interfaces.cli.options import CatalogOption, JsonOption, SeedOption, one_of, open_catalog

if TYPE_CHECKING:
    from tenfold.catalog import Catalog
    from tenfold.reports.exports import Launch, Served

QUOTES = "quotes"
"""What sellers are asked, in place of files of a tool."""
TRAINING = ("megatron", "megatron-bridge", "torchtitan", "maxtext", "deepspeed", "slurm", "skypilot", QUOTES)
SERVING = ("vllm", "sglang", "tensorrt-llm", "kubernetes", "llm-d", "skypilot", "slurm", QUOTES)
TOOLS = tuple(dict.fromkeys((*TRAINING, *SERVING)))
OF_PLANS: Mapping[str, tuple[str, ...]] = {"plan": TRAINING, "plan serve": SERVING}
"""Tools by the question that a plan answers."""
INSTEAD: Mapping[str, str] = {
    "plan portfolio": "Plan its works by themselves: the services as a goal of kind = 'serve' (all but the first under "
    "[[more]]), each run as one of kind = 'train', within the chips they were given; export those plans",
}
"""What to export in place of plans that several goals share."""


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
    """Write the best design of a plan as files of a tool, or as a request for quotes; without --out, print them."""
    from tenfold.interfaces.cli.output import print_json

    require_tool(to)
    files = _files(file, to, open_catalog(catalog), seed)
    if out is not None:
        for place in write_files(files, out):
            typer.echo(f"Written {place}", err=True)
    if as_json:
        print_json({"to": to, "files": dict(files)})
    elif out is None:
        print_files(files)


def _files(file: Path, to: str, catalog: Catalog, seed: str | None) -> Mapping[str, str]:
    """Texts by name: of a launcher, or the sheet of quotes, which needs the plan alone."""
    from tenfold.interfaces.cli.answer_files import answer_data_of
    from tenfold.reports.exports import SERVERS, WRITERS, files_of_models, plans_alone, write_quotes

    plan = answer_data_of(file, catalog, seed)
    _require_best(plan, str(file), to)
    if to == QUOTES:
        return write_quotes(plan, str(file))
    if plan["question_name"] == "plan serve":
        alone = plans_alone(plan, str(file))
        served = [_served_from(each, name, list(alone), str(file), catalog) for name, each in alone.items()]
        return files_of_models(served, SERVERS[to])
    return WRITERS[to](launch_from(plan, str(file), catalog))


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


def launch_from(plan: Mapping[str, Any], name: str, catalog: Catalog) -> Launch:
    """Gather what a launcher needs of a plan's best design."""
    from tenfold.performance import choose_software
    from tenfold.reports.exports import PlanValues, launch_of
    from tenfold.workloads import find_model

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


def _served_from(plan: Mapping[str, Any], own: str, names: Sequence[str], file: str, catalog: Catalog) -> Served:
    """Gather what starts the replicas of the best design of one model, of those that a plan serves."""
    from tenfold.reports.exports import PlanValues, served_of
    from tenfold.workloads import find_model

    best = PlanValues(file=file, tree=plan, at="best")
    chip = catalog.chip(best.text("chip"))
    engine = catalog.engines[best.word("engine", tuple(catalog.engines))]
    system = best.text("system")
    service = PlanValues(file=file, tree=plan, at="question.goal.service")
    predicts = float(find_model(catalog, service.text("model")).shape.mtp_layers) > 0
    node = catalog.system(system).chips_per_node if system else 1
    ordered = (own, *(each for each in names if each != own))
    return served_of(plan, file, engine, chip.vendor, node, names=ordered, predicts=predicts)


def _require_best(plan: Mapping[str, Any], file: str, to: str) -> None:
    """Raise ``InputError`` for the answer to another question, another kind of plan, and a plan that found nothing."""
    from tenfold.quantities import InputError, Problem

    name = plan["question_name"]
    if name not in OF_PLANS:
        wrong = f"answers {name}; files are written of {' and of '.join(OF_PLANS)}"
        remedy = INSTEAD.get(name, "Name a plan: tenfold plan GOAL.toml --json")
        raise InputError(Problem(file=file, key="question_name", wrong=wrong, remedy=remedy))
    if to not in OF_PLANS[name]:
        wrong = f"{to} starts nothing of a plan that answers '{name}'"
        raise InputError(Problem(file="--to", key="", wrong=wrong, remedy=f"Use one of {', '.join(OF_PLANS[name])}"))
    more = [each for each in plan.get("more") or () if isinstance(each, Mapping)]
    if all(isinstance(each.get("best"), Mapping) for each in (plan, *more)):
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
        typer.echo(text.encode(errors="replace"), nl=False)
