"""A study: one question with what varies in it, as cells; and the work of one cell, the same wherever it is done."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tenfold.quantities import VERSION, InputError, TenfoldError, leaves_of, to_data
from tenfold.studies.ask import Source, ask, read_question
from tenfold.studies.moved import ASIDE
from tenfold.studies.varying import Varied, values_of, with_values

if TYPE_CHECKING:
    from tenfold.catalog import Catalog

KEY_LETTERS = 24
ID_LETTERS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """A question and what varies in it."""

    name: str
    """Of the question."""
    tree: Mapping[str, Any]
    """As the file says it."""
    seed: int
    varied: tuple[Varied, ...] = ()
    sample: int = 0
    catalog: str
    """Version of the catalog."""
    tenfold: str
    overlays: tuple[str, ...] = ()
    folder: str = ""
    """What relative paths are relative to; no part of what a study is."""

    @property
    def key(self) -> str:
        """Identifier: the same question, varied so, over the same catalog, by the same Tenfold."""
        return _digest({**self.data, "overlays": (), "folder": ""})[:ID_LETTERS]

    @property
    def data(self) -> dict[str, Any]:
        """Everything as plain data, from which ``study_of`` makes it again."""
        found = json.loads(json.dumps(to_data(replace(self, varied=())), default=str))
        return {**found, "varied": [_varied_data(each) for each in self.varied]}

    def cells(self) -> Iterator[Cell]:
        """Every cell in its order."""
        for place, values in enumerate(values_of(self.varied, self.sample, self.seed)):
            yield Cell(place=place, values=values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One point of a study."""

    place: int
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a cell."""

    place: int
    key: str
    """Hash of the question as it was read, the catalog, the version and the seed; empty where it could not be read."""
    answer: str = ""
    """The answer as JSON; empty where there is none."""
    fits: bool | None = None
    wrong: str = ""
    """Why there is no answer: one line for each problem."""
    numbers: tuple[tuple[str, float], ...] = ()
    """Numbers of the answer by path."""

    @property
    def failed(self) -> bool:
        """Whether there is no answer."""
        return bool(self.wrong)


def _varied_data(varied: Varied) -> dict[str, Any]:
    ends = {} if varied.values else {"low": varied.low, "high": varied.high}
    return {"path": varied.path, "values": list(varied.values), "log": varied.log, "whole": varied.whole, **ends}


def study_of(data: Mapping[str, Any]) -> Study:
    """Make a study from its plain data."""
    varied = tuple(Varied(**{**each, "values": tuple(each["values"])}) for each in data["varied"])
    return Study(**{**data, "varied": varied, "overlays": tuple(data["overlays"])})


def study_about(
    name: str,
    source: Source,
    catalog: Catalog,
    *,
    seed: int,
    varied: tuple[Varied, ...],
    sample: int,
    overlays: tuple[str, ...] = (),
) -> Study:
    """Gather a study over a catalog."""
    tree = {key: to_data(value) for key, value in source.tree.items() if key not in ("seed", "question")}
    folder = str(source.folder.resolve())
    return Study(
        name=name, tree=tree, seed=seed, varied=varied, sample=sample, catalog=catalog.version,
        tenfold=VERSION, overlays=overlays, folder=folder,
    )  # fmt: skip


def _digest(data: object) -> str:
    text = json.dumps(data, sort_keys=True, ensure_ascii=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class CellJob:
    """What a worker needs for a cell."""

    study: Study
    cell: Cell


@cache
def _catalog(overlays: tuple[str, ...]) -> Catalog:
    from tenfold.catalog import load_catalog

    return load_catalog([Path(each) for each in overlays])


def work(job: CellJob, heard: Callable[[object], None] = lambda _: None) -> Outcome:
    """Answer a cell. What is wrong with it is an outcome; a fault of the code is raised.

    ``heard`` is given the answer itself, of which an outcome keeps the text.
    """
    study, place = job.study, job.cell.place
    catalog = _catalog(study.overlays)
    key = ""
    try:
        tree = with_values(study.tree, job.cell.values)
        source = Source(tree=tree, file=f"cell {place}", folder=Path(study.folder))
        asked = read_question(study.name, source, catalog, seed=study.seed)
        about = {"question": to_data(asked.question), "name": study.name, "seed": study.seed}
        key = _digest({**about, "catalog": catalog.version, "tenfold": study.tenfold})[:KEY_LETTERS]
        answer = ask(asked, catalog)
    except TenfoldError as trouble:
        listed = trouble.problems if isinstance(trouble, InputError) else (trouble,)
        return Outcome(
            place=place, key=key, wrong="\n".join(dict.fromkeys(str(each) for each in listed)) or "no answer"
        )
    heard(answer)
    data = to_data(answer)
    text = json.dumps(data, sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    fits = bool(getattr(answer, "fits", True))
    return Outcome(place=place, key=key, answer=text, fits=fits, numbers=tuple(_numbers(data)))


def _numbers(data: Any) -> Iterator[tuple[str, float]]:  # noqa: ANN401  (plain data)
    """Numbers that stand in tables, not in lists, which are another length in every answer."""
    for name, value in data.items():
        if name not in ASIDE:
            yield from (
                (path, float(found))
                for path, found in leaves_of(_without_lists(value), name)
                if isinstance(found, (int, float)) and not isinstance(found, bool)
            )


def _without_lists(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, dict):
        return {name: _without_lists(each) for name, each in value.items() if not isinstance(each, list)}
    return None if isinstance(value, list) else value
