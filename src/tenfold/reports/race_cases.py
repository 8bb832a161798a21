"""The cases of a race beside its base."""

from __future__ import annotations

from collections.abc import Mapping

from tenfold.quantities import Percentiles
from tenfold.race import RaceAnswer
from tenfold.reports import wording
from tenfold.reports.charts import spans
from tenfold.reports.race_numbers import BASE, CHANCES, EXIT, NUMBERS, named, shown, spread_of
from tenfold.reports.report import Section, Table

SIDE_BY_SIDE: Mapping[str, str] = {
    "h100e": "H100e",
    "capex_usd": "capex",
    "rental_usd_per_hour": "rent",
    "cr5": "five largest",
    "nvidia_share": "NVIDIA",
    "china_lag_months": "China behind",
    "china_run_lag_months": "in runs",
    "stranded_usd": "stranded",
}
"""Numbers that the short table of cases has, with short words."""
FAILS = "a_top_10_player_fails"


def cases(answer: RaceAnswer) -> Section:
    """The cases side by side."""
    others = {name: case for name, case in answer.cases.items() if name != BASE}
    rows = tuple(
        (
            case.name,
            *(_signed(case.against_base[number].p50, NUMBERS[number][1]) for number in SIDE_BY_SIDE),
            wording.share(case.chances[FAILS]),
        )
        for case in others.values()
    )
    short = Table(
        title=f"In {answer.quarters[-1]}, less the base, P50; beside it how often one of the ten largest fails",
        headers=("case", *SIDE_BY_SIDE.values(), "one fails"),
        rows=rows,
        numeric=" " + "r" * (len(SIDE_BY_SIDE) + 1),
    )
    marks = {
        case.name: {"P10": case.end["h100e"].p10, "P50": case.end["h100e"].p50, "P90": case.end["h100e"].p90}
        for case in answer.cases.values()
    }
    chart = spans("cases", f"H100e in {answer.quarters[-1]}", marks, "count", name="case")
    lead = "Draw by draw: the same luck in both. P50 (P10 – P90)."
    return Section(title="Cases side by side", lead=lead, tables=(short,), charts=(chart,), first=True)


def each_case(answer: RaceAnswer) -> Section:
    """Every number and chance of each case beside the base."""
    base = answer.cases[BASE]
    tables = []
    for name, case in answer.cases.items():
        if name != BASE:
            rows = tuple(
                (named(number, case), spread_of(case.end[number], unit), _difference(case.against_base[number], unit))
                for number, (_, unit) in NUMBERS.items()
            )
            chances = tuple(
                (words, wording.share(case.chances[key]), f"base {wording.share(base.chances[key])}")
                for key, words in CHANCES.items()
            )
            left = (EXIT, spread_of(case.exit_quarter, "1"), f"base {spread_of(base.exit_quarter, '1')}")
            headers = (f"in {answer.quarters[-1]}", "P50 (P10 – P90)", "less the base")
            tables.append(Table(title=case.name, headers=headers, rows=(*rows, *chances, left), numeric=" rr"))
    return Section(title="Each case", tables=tuple(tables), full=True, folded=True)


def _signed(value: float, unit: str) -> str:
    said = shown(value, unit)
    return said.removeprefix("-") if said == "-0.0" else f"{'+' if value > 0 else ''}{said}"


def _difference(spread: Percentiles, unit: str) -> str:
    return f"{_signed(spread.p50, unit)} ({_signed(spread.p10, unit)} – {_signed(spread.p90, unit)})"
