"""Tables of estimates and searches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rich.console import RenderableType
from rich.text import Text

from tenfold.interfaces.old_python.estimate import TrainingAnswer
from tenfold.interfaces.old_python.layouts import ParallelLayout, flag
from tenfold.interfaces.old_python.search import FoundLayout, SearchAnswer
from tenfold.performance.training.space import REJECTIONS
from tenfold.quantities import Percentiles
from tenfold.reports.tables import grid_table, key_value_table, lines, terms_table
from tenfold.reports.wording import number, number_between, share, share_between

FRONT_LISTED = 8


def estimate_tables(answer: TrainingAnswer) -> Iterator[RenderableType]:
    """The verdict, the key numbers, where the time goes, where the memory goes."""
    yield Text(estimate_verdict(answer), style="bold green" if answer.feasible else "bold red")
    yield Text("")
    yield key_value_table("Estimate", estimate_pairs(answer))
    yield Text("")
    step = answer.step_time_s.p50
    yield terms_table(f"Where every second goes: one step takes {number(step, 's')}", answer.terms, "s")
    yield Text("")
    yield memory_table(answer.memory_bytes_per_chip)
    if answer.outside_calibration:
        yield Text("")
        yield lines("Outside calibration, so the range is wide", answer.outside_calibration)
    yield Text("")
    yield Text(footer(answer), style="dim")


def estimate_verdict(answer: TrainingAnswer) -> str:
    """Answer in one sentence."""
    what = f"{answer.model} on {answer.chips:,} × {answer.chip}"
    step, mfu = answer.step_time_s, answer.mfu
    if answer.shortage is not None:
        return f"{what} does not fit: {answer.shortage.short}. Would fit with: {answer.shortage.nearest}"
    speed = f"a step in {number(step.p50, 's')} (P10–P90 {number_between(step, 's')})"
    return f"{what}: {speed}, MFU {share(mfu.p50)} ({share_between(mfu)})"


def estimate_pairs(answer: TrainingAnswer) -> list[tuple[str, str]]:
    """Key numbers of an estimate."""
    chosen = {name: getattr(answer.layout, name) for name in answer.chosen}
    given = " ".join(flag(name, value) for name, value in _flags(answer.layout).items() if name not in chosen)
    tokens = answer.global_batch * answer.sequence_length
    return [
        ("Given", given or "nothing of the layout"),
        ("Chosen", " ".join(flag(name, value) for name, value in chosen.items()) or "nothing"),
        ("Data parallel", f"{answer.layout.dp:,} replicas"),
        ("Batch", f"{answer.global_batch:,} sequences of {answer.sequence_length:,}, {number(tokens, 'tokens')}"),
        ("System", f"{answer.system}, {answer.precision}, {answer.software}"),
        ("Step time", f"{_spread(answer.step_time_s, 's')}"),
        ("Bounds", f"{number(answer.bounds.lower_step_s, 's')} to {number(answer.bounds.upper_step_s, 's')}"),
        ("Per chip", _spread(answer.tokens_per_s_per_chip, "tokens/s")),
        ("MFU", f"{share(answer.mfu.p50)} ({share_between(answer.mfu)})"),
        ("HFU", f"{share(answer.hfu.p50)} ({share_between(answer.hfu)})"),
        ("Calibrated by", answer.calibration),
    ]


def _flags(layout: ParallelLayout) -> Mapping[str, int | str | bool]:
    return {name: getattr(layout, name) for name in ParallelLayout.__slots__ if name != "dp"}


def _spread(spread: Percentiles, unit: str) -> str:
    return f"{number(spread.p50, unit)} ({number_between(spread, unit)})"


def memory_table(parts: Mapping[str, float]) -> RenderableType:
    """Memory of the fullest chip by part."""
    total, capacity = parts["total"], parts["capacity"]
    title = f"Memory of the fullest chip: {number(total, 'B')} of {number(capacity, 'B')} ({share(total / capacity)})"
    return terms_table(title, {key: value for key, value in parts.items() if key not in ("total", "capacity")}, "B")


def search_tables(answer: SearchAnswer) -> Iterator[RenderableType]:
    """The verdict, the fastest layouts, the front of time and memory, what was rejected."""
    what = f"{answer.model} on {answer.chips:,} × {answer.chip}"
    if answer.best:
        fastest = answer.best[0]
        verdict = f"{what}: fastest step {number(fastest.step_time_s.p50, 's')}, MFU {share(fastest.mfu.p50)}"
    else:
        verdict = f"{what}: no layout fits: {answer.short}. Would fit with: {answer.nearest}"
    yield Text(verdict, style="bold green" if answer.best else "bold red")
    yield Text("")
    if answer.best:
        yield _layouts_table("Fastest layouts", answer.best)
        yield Text("")
        front = answer.pareto[:FRONT_LISTED]
        more = f"; {len(answer.pareto) - len(front)} more with --json" if len(front) < len(answer.pareto) else ""
        yield _layouts_table(f"Less memory for more time (Pareto front{more})", front)
        yield Text("")
    yield _counts_table(answer)
    yield Text("")
    yield Text(footer(answer), style="dim")


def _layouts_table(title: str, rows: tuple[FoundLayout, ...]) -> RenderableType:
    headers = ("step", "MFU", "memory", "layout")
    cells = [
        (
            number(row.step_time_s.p50, "s"),
            share(row.mfu.p50),
            number(row.memory_bytes_per_chip, "B"),
            row.layout.flags,
        )
        for row in rows
    ]
    return grid_table(title, headers, cells, "rrr ")


def _counts_table(answer: SearchAnswer) -> RenderableType:
    rate = answer.layouts_considered / answer.seconds if answer.seconds > 0 else float("inf")
    rows = [(f"{count:,}", REJECTIONS[reason]) for reason, count in answer.rejected.items() if count]
    title = f"{answer.layouts_considered:,} layouts in {number(answer.seconds, 's')} ({rate:,.0f} a second)"
    return grid_table(title, ("layouts", "outcome"), [*rows, (f"{answer.timed:,}", "timed")], "r ")


def footer(answer: TrainingAnswer | SearchAnswer) -> str:
    """Say what made the answer."""
    changed = f", changed by overlays: {'; '.join(answer.catalog_overrides)}" if answer.catalog_overrides else ""
    return f"Tenfold {answer.tenfold_version}, catalog {answer.catalog_version}{changed}."
