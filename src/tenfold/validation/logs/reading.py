"""What readers of training logs have in common: a run as read, what the log did not say, what its user states."""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from tenfold.quantities import InputError, Problem, shown
from tenfold.validation.logs.lines import positive_number
from tenfold.validation.training.runs import COLUMNS, MeasuredRun

SOURCE_GROUP = "own-logs"
"""Source of runs read from logs unless named otherwise; cross-validation leaves out whole sources."""
TEXT_COLUMNS = frozenset(field.name for field in fields(MeasuredRun) if field.type == "str")
NOT_STATED = ("id", "source_group", "notes", "step_time_s", "tokens_per_s_per_chip")
"""Columns that come from the log or from options of their own."""
HELPFUL = ("precision", "tp", "pp", "micro_batch", "recompute")
"""Columns that a prediction is less sure without: it tries what a careful engineer might have chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRun:
    """A run as a log tells it."""

    run: MeasuredRun
    file: str
    line: int
    """Line of the first measurement."""
    used: int
    """Measurements behind the step time."""
    seen: int
    """Measurements in the log, warm-up included."""
    needs_model: tuple[str, ...] = ()
    """Parts of the model's shape that a row of runs cannot tell, so that only a model of the catalog can."""

    @property
    def unsaid(self) -> tuple[str, ...]:
        """Helpful columns that are still empty."""
        return tuple(name for name in HELPFUL if getattr(self.run, name) in (None, ""))


def stated_columns(pairs: Mapping[str, str]) -> dict[str, str | float]:
    """Columns a user states beside a log, checked. Raises ``InputError`` with every unknown column and bad number."""
    problems: list[Problem] = []
    stated: dict[str, str | float] = {}
    known = [name for name in COLUMNS if name not in NOT_STATED]
    for name, text in pairs.items():
        number = positive_number(text)
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            wrong = f"unknown column {shown(name)}" + (f": did you mean '{near[0]}'?" if near else "")
            remedy = "" if near else f"Known: {', '.join(known)}"
            problems.append(Problem(file="", key="set", wrong=wrong, remedy=remedy))
        elif name in TEXT_COLUMNS:
            stated[name] = text.strip()
        elif number is None:
            wrong = f"{name} is {shown(text)}, not a positive number"
            problems.append(Problem(file="", key="set", wrong=wrong, remedy=f"Write {name}=8"))
        else:
            stated[name] = number
    if problems:
        raise InputError(problems)
    return stated


def with_stated(found: ReadRun, stated: Mapping[str, str | float]) -> ReadRun:
    """The run with what the user states; what the log says of shape and layout is overruled."""
    return replace(found, run=replace(found.run, **stated))  # type: ignore[arg-type]


def problems_of(found: ReadRun) -> list[Problem]:
    """What keeps a run from being scored, each with the option that gives it."""
    run, missing = found.run, []
    if not run.chip:
        missing.append(("which chip it ran on", "Give --chip, such as --chip h100-sxm"))
    if not run.n_chips:
        missing.append(("how many chips it ran on", "Give --chips"))
    if not run.seq:
        missing.append(("how long its sequences are", "Give --set seq=8192 or the like"))
    if not run.global_batch and not run.tokens_per_s_per_chip:
        missing.append(("how large its global batch is", "Give --set global_batch=512 or the like"))
    if not run.model and not (run.hidden and run.layers):
        missing.append(("which model it trains", "Give --model, a model of the catalog"))
    problems = [
        Problem(file=found.file, key="", wrong=f"the log does not say {what}", remedy=how) for what, how in missing
    ]
    if found.needs_model and (not run.model or run.model == shape_label(run)):
        wrong = f"a row of runs has no column for {'; '.join(found.needs_model)}"
        remedy = "Give --model, a model of the catalog or of an overlay"
        problems.append(Problem(file=found.file, key="", wrong=wrong, remedy=remedy))
    return problems


def shape_label(run: MeasuredRun) -> str:
    """A name for a model known only by its shape, so that runs of one model are told from runs of another."""
    experts = f"-{run.experts:g}e" if run.experts else ""
    return f"decoder-{run.layers:g}l-{run.hidden:g}h{experts}" if run.layers and run.hidden else ""


def run_id(file_stem: str, opening: str) -> str:
    """An id that stays the same when the same log is read again, longer: its name and a hash of how it begins."""
    name = re.sub(r"[^a-z0-9]+", "-", file_stem.casefold()).strip("-")[:40]
    return f"{name or 'log'}-{hashlib.sha256(opening.encode()).hexdigest()[:8]}"


def grade(used: int) -> str:
    """Quality of a step time: A from five measurements on, else B."""
    return "A" if used >= 5 else "B"


def spread_text(values: Sequence[float]) -> str:
    """P10 and P90 of the measurements, for the notes of a row."""
    low, high = np.quantile(values, (0.1, 0.9))
    return f"P10–P90 {low:.4g}–{high:.4g} s"
