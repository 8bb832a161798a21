"""Tables of the cost of ownership: the verdict, what it is per anything, the lines, what is assumed."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from tenfold.planning.tco import TcoAnswer
from tenfold.quantities import Percentiles
from tenfold.reports import wording
from tenfold.reports.tables.grid import grid_table, key_value_table, lines
from tenfold.reports.tables.plan import terms_table


def tco_tables(answer: TcoAnswer) -> Iterator[RenderableType]:
    """Give every table of the answer, the verdict first."""
    rows = [
        (each.name, wording.figure_value(each), wording.figure_range(each), each.figure.kind, each.figure.note)
        for each in answer.assumptions
    ]
    parts: list[RenderableType] = [
        Text(tco_verdict(answer), style="bold"),
        grid_table("The answer assumes", ("input", "value", "P10–P90", "kind", "why"), rows, " rr  "),
        key_value_table(f"In {answer.terms} {answer.currency} of {answer.year}", tco_pairs(answer)),
        terms_table("A chip's life by line, every input at P50", answer.lines_usd, "USD"),
        lines("Taken so", answer.notes),
    ]
    for part in parts:
        yield part
        yield Text("")
    yield Text(tco_footer(answer), style="dim")


def tco_verdict(answer: TcoAnswer) -> str:
    """Answer in one sentence."""
    hour = answer.usd_per_chip_hour
    return f"{answer.chip} at {answer.site}: {_said(hour, 'USD/h')} for an hour that is used"


def tco_pairs(answer: TcoAnswer) -> list[tuple[str, str]]:
    """Cost per anything, P50 and P10–P90."""
    found = [
        ("Chip-hour", answer.usd_per_chip_hour, "USD/h"),
        ("Life", answer.life_usd, "USD"),
        ("Run", answer.usd_per_run, "USD"),
        ("Million tokens", answer.usd_per_mtoken, "USD"),
        ("MW of IT power, life", answer.usd_per_mw, "USD"),
    ]
    pairs = [(name, _said(value, unit)) for name, value, unit in found if value is not None]
    flop = answer.usd_per_useful_flop
    if flop is None:
        return pairs
    exa = Percentiles(p10=flop.p10 * 1e18, p50=flop.p50 * 1e18, p90=flop.p90 * 1e18)
    return [*pairs, ("1e18 useful FLOPs", _said(exa, "USD"))]


def tco_footer(answer: TcoAnswer) -> str:
    """Versions and seed."""
    return f"Tenfold {answer.tenfold_version}, catalog {answer.catalog_version}, seed {answer.seed}."


def _said(value: Percentiles, unit: str) -> str:
    return f"{wording.number(value.p50, unit)} ({wording.number_between(value, unit)})"
