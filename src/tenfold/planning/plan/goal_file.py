"""The goal file: TOML that a person writes, read into ``Goal`` and ``Means`` with every problem shown at once."""

from __future__ import annotations

import datetime
import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar, cast

from tenfold.catalog import Catalog, ModelRecord
from tenfold.catalog.reading import read_toml
from tenfold.planning.goal import OBJECTIVES, SUPPLIES, Goal, Means, Objective, Supply
from tenfold.planning.goal_values import deadline_s, global_batch_sequences, sane_value
from tenfold.quantities import InputError, Problem, parse_date, shown
from tenfold.workloads.model_names import find_model, is_config_path
from tenfold.workloads.precision import PRECISIONS

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalFile:
    """What a goal file says."""

    goal: Goal
    means: Means
    seed: int
    notes: tuple[str, ...]
    """What was decided for the user while reading."""


@dataclass(slots=True)
class _Reader:
    """Reads the values of a goal file one by one and collects what is wrong."""

    file: str
    folder: Path
    catalog: Catalog
    tree: Mapping[str, Any]
    problems: list[Problem]
    notes: list[str] = field(default_factory=list)

    def value(self, key: str) -> Any:  # noqa: ANN401  (any TOML value)
        """Give the raw value at a dotted key; None when it is absent or already known to be wrong."""
        if any(problem.key == key for problem in self.problems):
            return None
        table, _, name = key.partition(".")
        inside = self.tree.get(table)
        return inside.get(name) if isinstance(inside, dict) else None

    def read(self, key: str, parse: Callable[[Any], Value], default: Value) -> Value:
        """Parse the value at a key; the default when it is absent, and when it is wrong."""
        raw = self.value(key)
        if raw is None:
            return default
        try:
            return parse(raw)
        except InputError as trouble:
            self.problems.extend(
                Problem(
                    file=problem.file or self.file, key=problem.key or key, wrong=problem.wrong, remedy=problem.remedy
                )
                for problem in trouble.problems
            )
            return default

    def quantity(self, key: str, default: float) -> float:
        """Read a quantity by the limits of its name."""
        name = key.partition(".")[2]
        return self.read(key, lambda raw: sane_value(raw, name, file=self.file, key=key), default)

    def names(self, key: str, default: tuple[str, ...], find: Callable[[str], str]) -> tuple[str, ...]:
        """Read a list of names; every unknown one is a problem, repeats count once."""
        found: list[str] = []
        for name in self.value(key) or ():
            try:
                found.append(find(_text(name)))
            except InputError as trouble:
                self.problems.extend(replace(problem, file=self.file, key=key) for problem in trouble.problems)
        return tuple(dict.fromkeys(found)) or default


def read_goal(path: Path | str, catalog: Catalog, *, today: datetime.date | None = None) -> GoalFile:
    """Read a goal file.

    ``today`` is the start of a deadline given as a date when the file names none; by default the day it is.
    Raises one ``InputError`` with a ``Problem`` for everything that is wrong with the file.
    """
    place = Path(path)
    reader = _open(place, catalog)
    goal = _goal(reader, today)
    means = _means(reader)
    if reader.problems:
        raise InputError(dict.fromkeys(reader.problems))
    return GoalFile(goal=goal, means=means, seed=reader.tree.get("seed", 0), notes=tuple(reader.notes))


def _open(path: Path, catalog: Catalog) -> _Reader:
    """Parse the file and judge its structure."""
    from tenfold.catalog.structure import read_structure
    from tenfold.planning.goal_schema import GoalDocument

    file, problems = str(path), list[Problem]()
    if "\0" in file or not path.is_file():
        remedy = "Write one with: tenfold init"
        raise InputError(Problem(file=shown(file)[1:-1], key="", wrong="no such file", remedy=remedy))
    tree = read_toml(path, file, problems)
    if problems:
        raise InputError(problems)
    tables = {name: table for name in ("goal", "means") if not isinstance(table := tree.get(name, {}), dict)}
    problems += [
        Problem(file=file, key=name, wrong=f"{shown(value)} is not a table", remedy=f"Write [{name}] and keys below it")
        for name, value in tables.items()
    ]
    if "goal" not in tree:
        problems.append(Problem(file=file, key="goal", wrong="is missing", remedy="Start with: tenfold init"))
    found: list[Problem] = []
    read_structure(GoalDocument, tree, lambda _: file, found)
    known = {problem.key for problem in problems}
    problems += [problem for problem in found if problem.key not in known]
    return _Reader(file=file, folder=path.parent, catalog=catalog, tree=tree, problems=problems)


def _goal(reader: _Reader, today: datetime.date | None) -> Goal:
    model = reader.read("goal.model", lambda raw: _model(reader, raw), None)
    tokens = reader.quantity("goal.tokens", 1e12)
    length = int(reader.quantity("goal.sequence_length", 8192))
    length_wrong = any(problem.key == "goal.sequence_length" for problem in reader.problems)
    batch = reader.read("goal.global_batch", lambda raw: _batch(reader, raw, length, length_wrong), 1)
    if model is not None and 0 < model[1].max_sequence < length:
        longest = f"{model[1].max_sequence:,}"
        reader.notes.append(f"sequence_length: {length:,} is beyond the {longest} tokens {model[0]} was made for")
    wrong_keys = {problem.key for problem in reader.problems}
    if batch * length > tokens and not wrong_keys & {"goal.tokens", "goal.sequence_length", "goal.global_batch"}:
        wrong = f"one batch of {batch:,} sequences holds more tokens than the run"
        remedy = "Write a smaller batch or more tokens"
        reader.problems.append(Problem(file=reader.file, key="goal.global_batch", wrong=wrong, remedy=remedy))
    return Goal(
        model=model[0] if model is not None else "",
        tokens=tokens,
        sequence_length=length,
        global_batch=batch,
        precision=reader.read("goal.precision", lambda raw: one_of(raw, tuple(PRECISIONS), "precision"), "bf16"),
        deadline_s=_deadline(reader, today),
        objective=cast("Objective", reader.read("goal.objective", lambda raw: raw, OBJECTIVES[0])),
        confidence=reader.quantity("goal.confidence", 0.8),
        start=reader.read("goal.start", lambda raw: parse_date(raw, file=reader.file, key="goal.start"), None),
    )


def _means(reader: _Reader) -> Means:
    from tenfold.planning.goal_schema import DEFAULT_MAX_CHIPS, DEFAULT_SUPPLY

    catalog = reader.catalog
    budget, power = reader.quantity("means.budget", 0.0), reader.quantity("means.power", 0.0)
    supply = reader.names("means.supply", DEFAULT_SUPPLY, lambda raw: one_of(raw, SUPPLIES, "supply"))
    return Means(
        budget_usd=budget or None,
        chips=reader.names("means.chips", (), lambda raw: catalog.chip(raw).key),
        max_chips=int(reader.quantity("means.max_chips", DEFAULT_MAX_CHIPS)),
        supply=cast("tuple[Supply, ...]", supply),
        sites=reader.names("means.sites", (), lambda raw: catalog.site(raw).key),
        power_w=power or None,
    )


def _model(reader: _Reader, raw: str) -> tuple[str, ModelRecord]:
    """Name of the model as the goal keeps it, and its record; a path is taken from the goal file's folder."""
    if not is_config_path(raw):
        record = find_model(reader.catalog, raw)
        return record.key, record
    if "\0" in raw:
        raise InputError(Problem(file="", key="", wrong=f"{shown(raw)} is no path", remedy="Write config.json's path"))
    name = (reader.folder / raw).as_posix()
    return name, find_model(reader.catalog, name)


def _batch(reader: _Reader, raw: str | int | float, length: int, length_wrong: bool) -> int:
    count, note = global_batch_sequences(raw, length, file=reader.file, key="goal.global_batch")
    if note and not length_wrong:
        reader.notes.append(note)
    return count


def _deadline(reader: _Reader, today: datetime.date | None) -> float | None:
    file = reader.file
    day = today or datetime.date.today()  # noqa: DTZ011  (the user's own calendar day is meant)
    start = reader.read("goal.start", lambda raw: parse_date(raw, file=file, key="goal.start"), day)
    found = reader.read("goal.deadline", lambda raw: deadline_s(raw, start, file=file, key="goal.deadline"), None)
    if found is None:
        return None
    if found[1]:
        reader.notes.append(found[1])
    return found[0]


def _text(name: object) -> str:
    if not isinstance(name, str):
        raise InputError(Problem(file="", key="", wrong=f"{shown(name)} is no name", remedy="Write text in quotes"))
    return name


def one_of(name: str, known: Sequence[str], what: str) -> str:
    """Give back a name that is known. Raises ``InputError`` with the nearest otherwise."""
    if name in known:
        return name
    close = difflib.get_close_matches(name, known, n=1)
    wrong = f"unknown {what} {shown(name)}" + (f": did you mean '{close[0]}'?" if close else "")
    raise InputError(Problem(file="", key="", wrong=wrong, remedy="" if close else f"Use one of {', '.join(known)}"))
