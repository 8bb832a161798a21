"""The jobs of the page, each done in a worker: from what was sent to the text that goes back.

A job is plain data: what to do, which question, its tree, its seed. A result is a status and a body: text as it is, or
data that becomes JSON.
"""

from __future__ import annotations

import json
import pickle
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tomli

from tenfold.interfaces.web.drawing import preview_text, report_text
from tenfold.interfaces.web.forms import numbers_of
from tenfold.interfaces.web.problems import INPUT, problem_data, problem_of
from tenfold.quantities import InputError, Problem, to_data
from tenfold.reports import answer_data, answer_json, topics_of
from tenfold.studies import (
    Asked,
    Source,
    address_of,
    ask,
    keep,
    keeps_answers,
    preview,
    read_question,
    record_of,
)

if TYPE_CHECKING:
    from tenfold.catalog import Catalog
from tenfold.interfaces.web.confine import FILE, confine, data_found, is_confined

KEPT_ANSWERS = 8
"""Answers a worker remembers, so that following a number of one does not work it out again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One thing to do."""

    do: str
    """A key of ``JOBS``."""
    name: str = ""
    tree: Mapping[str, Any] = field(default_factory=dict)
    seed: int | str | None = None
    overlays: tuple[Path, ...] = ()
    changes: Mapping[str, str] = field(default_factory=dict)
    """Values that stand in for figures of the catalog, by the figure's name."""
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
    answer: bytes = b""
    """The whole answer, where previews after it have use for it."""


def do(job: Job) -> Done:
    """Do a job; what is wrong with the question is a result too."""
    if not is_confined():
        catalog_of(job.overlays).version  # noqa: B018  (overlays are read before)
        confine(job.overlays)
    try:
        return JOBS[job.do](job)
    except InputError as trouble:
        problem = problem_of(trouble, job.tree)
    except (OSError, RecursionError) as trouble:
        deep = isinstance(trouble, RecursionError)
        said = (
            "values are nested too deep" if deep else f"a file cannot be read ({getattr(trouble, 'strerror', trouble)})"
        )
        wrong = Problem(file=FILE, key="", wrong=said, remedy="Nest them less" if deep else "Name another file")
        problem = problem_data(INPUT, str(wrong), [wrong])
    return Done(status=problem["status"], text=json.dumps(problem, ensure_ascii=True), media="application/problem+json")


@cache
def catalog_of(overlays: tuple[Path, ...]) -> Catalog:
    """Open the catalog once in a worker."""
    from tenfold.catalog import load_catalog

    return load_catalog(overlays)


def known_to(job: Job) -> Catalog:
    """Open the catalog with the overlays and changes of a job. Raises ``InputError`` for a change that cannot be."""
    return catalog_of(overlays_of(job))


def overlays_of(job: Job) -> tuple[Path, ...]:
    """Overlays of a job, that of its changes last."""
    if not job.changes:
        return job.overlays
    from tenfold.interfaces.web.changes import overlay_of

    return (*job.overlays, overlay_of(job.changes, catalog_of(job.overlays)))


def asked_of(job: Job) -> Asked:
    """Read the question of a job. Raises ``InputError`` with every problem."""
    tree = {**job.tree, **data_found(job.name, job.tree)}
    seed = tree.pop("seed", None) if job.seed is None else job.seed
    source = Source(tree={**tree, **({} if seed is None else {"seed": seed})}, file=FILE)
    return read_question(job.name, source, known_to(job))


_ANSWERS: OrderedDict[str, Any] = OrderedDict()


def answer_of(job: Job) -> Any:  # noqa: ANN401  (the answer of the question)
    """Answer the question of a job, or give the answer that is remembered."""
    said = [job.name, to_data(job.tree), job.seed, [str(each) for each in job.overlays], dict(job.changes)]
    key = json.dumps(said, sort_keys=True)
    if key not in _ANSWERS:
        _ANSWERS[key] = ask(asked_of(job), known_to(job))
    _ANSWERS.move_to_end(key)
    while len(_ANSWERS) > KEPT_ANSWERS:
        _ANSWERS.popitem(last=False)
    return _ANSWERS[key]


def _answer(job: Job) -> Done:
    return Done(text=answer_json(answer_of(job)))


def _compact(data: object) -> str:
    return json.dumps(to_data(data), ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _report(job: Job) -> Done:
    answer = answer_of(job)
    text = report_text(job.name, job.tree, answer, known_to(job))
    return Done(text=text, answer=pickle.dumps(answer) if keeps_answers(job.name) else b"")


_KEPT: dict[str, dict[Any, Any]] = {}


def _preview(job: Job) -> Done:
    """A rough answer at once, without its figures; its first one is whole, so that there is something to keep."""
    name, known = job.name, known_to(job)
    if name in _KEPT:
        answer = preview(asked_of(job), known, _KEPT[name])
    else:
        answer = answer_of(job)
        _KEPT[name] = {}
        keep(name, answer, _KEPT[name])
    return Done(text=preview_text(name, job.tree, answer, job.also.get("seen")))


def _prepare(job: Job) -> Done:
    """Keep a whole answer that another worker gave, and work out what a first move of an input would wait for."""
    name = job.name
    keep(name, pickle.loads(job.also["answer"]), _KEPT.setdefault(name, {}))  # noqa: S301  (of this server's worker)
    preview(asked_of(job), known_to(job), _KEPT[name])
    return Done()


def _form(job: Job) -> Done:
    """Read what was said, as a tree or as TOML: the tree, its numbers, and its problems, without an answer."""
    tree: Any = dict(job.tree)
    if isinstance(job.also.get("toml"), str):
        try:
            tree = to_data(tomli.loads(job.also["toml"]))
        except (tomli.TOMLDecodeError, RecursionError, ValueError) as trouble:
            wrong = Problem(file=FILE, key="", wrong=f"is no TOML: {str(trouble)[:200]}", remedy="See https://toml.io")
            raise InputError(wrong) from None
    problems: list[dict[str, Any]] = []
    try:
        asked_of(replace(job, tree=tree))
    except InputError as trouble:
        problems = problem_of(trouble, tree)["problems"]
    return Done(text=_compact({"tree": tree, "numbers": numbers_of(record_of(job.name), tree), "problems": problems}))


def _explain(job: Job) -> Done:
    from tenfold.reports import equation, explained, overview
    from tenfold.studies import is_changeable

    data, topics = answer_data(answer_of(job)), topics_of(job.name)
    plain = json.loads(json.dumps(data))
    number = str(job.also.get("number", ""))
    if not number:
        return Done(text=_compact(overview(plain, topics)))
    found = explained(plain, number, topics, known_to(job).sources)
    for each in found["figures"]:
        each["changeable"] = is_changeable(each["figure"])
    return Done(text=_compact({**found, "equation": equation(found)}))


def _movers(job: Job) -> Done:
    from tenfold.interfaces.web.movers import movers

    return Done(
        text=_compact(
            {"movers": movers(job.name, job.tree, lambda tree: asked_of(replace(job, tree=tree)), known_to(job))}
        )
    )


def _export(job: Job) -> Done:
    from tenfold.interfaces.web.exports import EXPORTS

    kind = str(job.also.get("as", ""))
    if kind not in EXPORTS:
        wrong = Problem(file=FILE, key="as", wrong="nothing is exported so", remedy=f"Use one of {', '.join(EXPORTS)}")
        raise InputError(wrong)
    text, media = EXPORTS[kind](answer_of(job), known_to(job))
    return Done(text=text, media=media, name=f"{address_of(job.name)}.{kind}")


def _compare(job: Job) -> Done:
    """In how many draws one answer's number is below another's; draws of one place are the same luck."""
    from tenfold.interfaces.web.paired import paired

    asked = [replace(job, tree=each["tree"], seed=each.get("seed"), changes=each.get("changes") or {})
             for each in job.also["asked"]]  # fmt: skip
    return Done(text=_compact({"pairs": paired([(asked_of(each), known_to(each)) for each in asked])}))


def _study(job: Job) -> Done:
    """Keep a question as a study, to be worked on elsewhere."""
    from tenfold.quantities import Place
    from tenfold.studies import keep_study, read_over, read_sample, study_about

    asked, known, said = asked_of(job), known_to(job), job.also["over"]
    if not isinstance(said, list) or not all(isinstance(each, str) for each in said):
        raise InputError(Problem(file=FILE, key="over", wrong="is no list of texts", remedy="Write ['path=a,b']"))
    varied = tuple(read_over(each, record_of(job.name), Place(file="over", names=known)) for each in said)
    tree = {**job.tree, **data_found(job.name, job.tree)}
    study = study_about(
        job.name, Source(tree=tree, file=FILE), known, seed=asked.seed, varied=varied,
        sample=read_sample(job.also["sample"]) if job.also["sample"] else 0,
        overlays=tuple(folder.as_posix() for folder in overlays_of(job)),
    )  # fmt: skip
    return Done(text=_compact({"study": keep_study(study, sum(1 for _ in study.cells()))}))


FOUND_IN = ("chips", "models", "systems", "sites", "software", "players")


def _search(job: Job) -> Done:
    known, words = known_to(job), str(job.also["text"]).lower().split()
    found = [f"{kind}/{key}" for kind in FOUND_IN for key in getattr(known, kind)]
    return Done(text=_compact([name for name in found if all(word in name for word in words)][:100]))


def _show(job: Job) -> Done:
    from tenfold.reports import things_called

    return Done(text=json.dumps(to_data(things_called(known_to(job), str(job.also["text"]))), default=str))


JOBS: Mapping[str, Callable[[Job], Done]] = {
    "answer": _answer,
    "report": _report,
    "preview": _preview,
    "prepare": _prepare,
    "form": _form,
    "explain": _explain,
    "movers": _movers,
    "export": _export,
    "compare": _compare,
    "study": _study,
    "catalog_search": _search,
    "catalog_show": _show,
}
"""What a job may do."""
