"""The jobs of the page, each done in a worker: from what was sent to the text that goes back.

A job is plain data: what to do, which question, its tree, its seed. A result is a status and a body: text as it is, or
data that becomes JSON.
"""

from __future__ import annotations

import json
import os
import tomllib
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tenfold.interfaces.web.forms import numbers_of
from tenfold.interfaces.web.problems import INPUT, problem_data, problem_of
from tenfold.quantities import InputError, Problem, to_data
from tenfold.quantities.asking import DataFile
from tenfold.quantities.fields import Many, fields_of
from tenfold.reports.answers import answer_data, answer_json, report_of, topics_of
from tenfold.reports.report import Report
from tenfold.studies.ask import Asked, Source, ask, read_question, record_of
from tenfold.studies.examples import examples_folder

if TYPE_CHECKING:
    from tenfold.catalog import Catalog

KEPT_ANSWERS = 8
"""Answers a worker remembers, so that following a number of one does not work it out again."""
FILE = "question"
"""What messages call what was sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One thing to do."""

    do: str
    """A key of ``JOBS``."""
    name: str = ""
    tree: Mapping[str, Any] = field(default_factory=dict)
    seed: int | str | None = None
    overlays: tuple[Path, ...] = ()
    also: Mapping[str, Any] = field(default_factory=dict)
    """What this job needs besides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What comes back."""

    status: int = 200
    text: str | bytes = ""
    media: str = "application/json"
    name: str = ""
    """File name, where it is to be kept."""


def do(job: Job) -> Done:
    """Do a job; what is wrong with the question is a result too."""
    try:
        return JOBS[job.do](job)
    except InputError as trouble:
        problem = problem_of(trouble, job.tree)
    except RecursionError:
        wrong = Problem(file=FILE, key="", wrong="values are nested too deep", remedy="Nest them less")
        problem = problem_data(INPUT, str(wrong), [wrong])
    return Done(status=problem["status"], text=json.dumps(problem), media="application/problem+json")


@cache
def catalog_of(overlays: tuple[Path, ...]) -> Catalog:
    """Open the catalog once in a worker."""
    from tenfold.catalog import load_catalog

    return load_catalog(overlays)


def asked_of(job: Job) -> Asked:
    """Read the question of a job. Raises ``InputError`` with every problem."""
    tree = {**job.tree, **_data_found(job.name, job.tree)}
    seed = tree.pop("seed", None) if job.seed is None else job.seed
    source = Source(tree={**tree, **({} if seed is None else {"seed": seed})}, file=FILE)
    return read_question(job.name, source, catalog_of(job.overlays))


def _data_found(name: str, tree: Mapping[str, Any]) -> dict[str, Any]:
    """Files of data: below this folder, or among the examples. Raises ``InputError`` for one elsewhere."""
    found: dict[str, Any] = {}
    for each in fields_of(record_of(name)):
        said = tree.get(each.key)
        if isinstance(each.each, DataFile) and said is not None:
            many = isinstance(each.shape, Many) and isinstance(said, list)
            found[each.key] = [_file(one, each.key) for one in said] if many else _file(said, each.key)
    return found


def _file(said: Any, key: str) -> Any:  # noqa: ANN401  (any JSON value; what is no text is refused when it is read)
    if not isinstance(said, str) or "\0" in said:
        return said
    here, shipped = Path.cwd().resolve(), examples_folder().resolve()
    for folder in (here, shipped):
        path = (folder / said).resolve()
        inside = path.is_relative_to(here) or path.is_relative_to(shipped)
        if inside and path.is_file():
            return os.path.relpath(path, here) if path.is_relative_to(here) else str(path)
    wrong, remedy = f"there is no file '{said[:80]}' in this folder", "Put the file into the folder where tenfold web runs"
    raise InputError(Problem(file=FILE, key=key, wrong=wrong, remedy=remedy))


_ANSWERS: OrderedDict[str, Any] = OrderedDict()


def answer_of(job: Job) -> Any:  # noqa: ANN401  (the answer of the question)
    """Answer the question of a job, or give the answer that is remembered."""
    key = json.dumps([job.name, to_data(job.tree), job.seed, [str(each) for each in job.overlays]], sort_keys=True)
    if key not in _ANSWERS:
        _ANSWERS[key] = ask(asked_of(job), catalog_of(job.overlays))
    _ANSWERS.move_to_end(key)
    while len(_ANSWERS) > KEPT_ANSWERS:
        _ANSWERS.popitem(last=False)
    return _ANSWERS[key]


def _answer(job: Job) -> Done:
    return Done(text=answer_json(answer_of(job)))


def _compact(data: object) -> str:
    return json.dumps(to_data(data), ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _report(job: Job) -> Done:
    from tenfold.reports.sources import figure_rows, unique_figures

    answer = answer_of(job)
    made = report_of(answer)
    sources = catalog_of(job.overlays).sources
    return Done(text=_compact({
        **_drawn(made),
        "fits": bool(getattr(answer, "fits", True)),
        "assumptions": figure_rows(made.assumptions, sources),
        "figures": figure_rows(unique_figures(made.figures), sources),
        "numbers": numbers_of(record_of(job.name), job.tree),
    }))  # fmt: skip


def _drawn(made: Report) -> dict[str, Any]:
    """A report without its figures, its terms as printed rows."""
    from tenfold.reports.wording import term_rows

    data = to_data(made)
    if not isinstance(data, dict):
        raise TypeError("a report is a record")
    for section, shown in zip(made.sections, data["sections"], strict=True):  # type: ignore[arg-type]
        for terms, each in zip(section.terms, shown["terms"], strict=True):  # type: ignore[index,call-overload,arg-type]
            each["rows"] = term_rows(terms.values, terms.unit)  # type: ignore[index,call-overload]
    return {key: value for key, value in data.items() if key not in ("figures", "assumptions", "next_steps")}


def _form(job: Job) -> Done:
    """Read what was said, as a tree or as TOML: the tree, its numbers, and its problems, without an answer."""
    tree: Any = dict(job.tree)
    if isinstance(job.also.get("toml"), str):
        try:
            tree = to_data(tomllib.loads(job.also["toml"]))
        except (tomllib.TOMLDecodeError, RecursionError, ValueError) as trouble:
            wrong = Problem(file=FILE, key="", wrong=f"is no TOML: {str(trouble)[:200]}", remedy="See https://toml.io")
            raise InputError(wrong) from None
    problems: list[dict[str, Any]] = []
    try:
        asked_of(Job(do="form", name=job.name, tree=tree, seed=job.seed, overlays=job.overlays))
    except InputError as trouble:
        problems = problem_of(trouble, tree)["problems"]
    return Done(text=_compact({"tree": tree, "numbers": numbers_of(record_of(job.name), tree), "problems": problems}))


def _explain(job: Job) -> Done:
    from tenfold.reports.explain import equation, explained, overview

    data, topics = answer_data(answer_of(job)), topics_of(job.name)
    plain = json.loads(json.dumps(data))
    number = str(job.also.get("number", ""))
    if not number:
        return Done(text=_compact(overview(plain, topics)))
    found = explained(plain, number, topics, catalog_of(job.overlays).sources)
    return Done(text=_compact({**found, "equation": equation(found)}))


JOBS: Mapping[str, Callable[[Job], Done]] = {
    "answer": _answer,
    "report": _report,
    "preview": _report,
    "form": _form,
    "explain": _explain,
}
"""What a job may do."""
