"""Change an input of a statement, and its verdict changes: no verdict stands by itself.

An input is a figure of the catalog, a record of it, a world that the race supposes, or what a question is asked.
"""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import pytest

from tenfold.catalog import Catalog, load_catalog
from tenfold.claims.asking import Answers
from tenfold.claims.judging import NOT_CHECKABLE, finding_of, verdict_of
from tenfold.claims.ledger import ChangeCheck, Check, Claim, FigureCheck, RecordCheck, ValueCheck
from tenfold.claims.shipped import shipped_ledger
from tenfold.quantities import CatalogError, Figure, InputError, Problem

LEAST = 30
"""Statements of a kind that must be seen to move; all where a kind has fewer."""
FACTORS = (1e-3, 1e3)
DRAWS = 60
GIANTS = ("alphabet", "amazon", "meta", "microsoft", "oracle")
SMALL = ("alibaba", "asia-pacific", "baidu", "bytedance", "coreweave", "crusoe", "europe", "gulf", "huawei", "iren")
SMALLER = ("lambda", "nebius", "tencent", "us-long-tail", "xai")
NOBODY = {"h100e": 1000, "budget": "$1M", "cash_flow": "$1M"}
TOO_MUCH = {"budget": "$100B", "cash_flow": "$500B"}
"""Of a quarter: far more chips than anybody wants."""
OTHERWISE: Mapping[str, Sequence[Mapping[str, Any]]] = {
    "rental": ({"fleets.0.market.price": "$5/h"}, {"fleets.0.market.price": "$1.20/h"}, {"fleets.0.life": "9 years"}),
    "rent-or-own": (
        {"revenue.per_year": "$1M"},
        {"revenue.per_year": "$1000M"},
        {"pool.correlation": 1.0},
        {"demand.utilisation": 0.95},
    ),
    "contagion": ({"scenarios.0.revenue_miss": {"openai": "0 %"}},),
    "goodput": ({"chips": 64},),
    "procure": ({"scenarios.1.effects.0.factor": 1.0},),
    "estimate training": ({"chips": 4},),
}
"""What else questions are asked."""


class Altered:
    """A catalog in which some figures are so many times as large, and some records are others or gone."""

    def __init__(
        self,
        catalog: Catalog,
        *,
        names: frozenset[str] = frozenset(),
        factor: float = 1.0,
        records: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> None:
        self.catalog, self.names, self.factor, self.records = catalog, names, factor, records or {}

    def __getattr__(self, name: str) -> object:
        return self.records[name] if name in self.records else getattr(self.catalog, name)

    def known(self, folder: str) -> tuple[str, ...]:
        return tuple(self.records[folder]) if folder in self.records else tuple(self.catalog.known(folder))

    def key_of(self, folder: str, name: str) -> str:
        key = self.catalog.key_of(folder, name)
        if key not in self.known(folder):
            raise InputError(Problem(file="", key=name, wrong="nothing is called so", remedy=""))
        return key

    def figure_of(self, name: str) -> Figure:
        figure = self.catalog.figure_of(name)
        if name not in self.names:
            return figure
        ends = {key: getattr(figure, key) for key in ("value", "low", "high")}
        return dataclasses.replace(figure, **{k: v * self.factor for k, v in ends.items() if v is not None})


def worlds(cases: Callable[[list[dict[str, Any]]], list[dict[str, Any]]], **more: Any) -> Mapping[str, Any]:
    table = shipped_ledger().tables["worlds"]
    return {**table, "draws": DRAWS, "cases": cases(list(table["cases"])), **more}


def as_they_are(cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return cases


def nothing_happens(cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"name": case["name"]} for case in cases]


def another_happens(cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**after, "name": case["name"]} for case, after in zip(cases, cases[1:] + cases[:1], strict=True)]


def stated(what: Mapping[str, Any], *players: str) -> list[dict[str, Any]]:
    return [{"player": name, **what} for name in players]


@dataclasses.dataclass(frozen=True)
class Setting:
    """What statements are judged with."""

    base: Answers
    others: tuple[Answers, ...]
    """With other worlds."""


@pytest.fixture(scope="module")
def setting(tmp_path_factory: pytest.TempPathFactory) -> Setting:
    catalog, tables = load_catalog(), shipped_ledger().tables

    def answers(place: str, table: Mapping[str, Any]) -> Answers:
        folder = Path(tmp_path_factory.mktemp(place))
        return Answers(catalog=catalog, seed=0, folder=folder, tables={**tables, "worlds": table})

    others = (
        answers("nothing", worlds(nothing_happens)),
        answers("another", worlds(another_happens)),
        answers("small", worlds(nothing_happens, players=stated(NOBODY, *GIANTS, "xai"))),
        answers("giants", worlds(nothing_happens, players=stated(NOBODY, *SMALL, *SMALLER))),
        answers("glut", worlds(nothing_happens, players=stated(TOO_MUCH, *GIANTS))),
    )
    return Setting(base=answers("base", worlds(as_they_are)), others=others)


def verdict(claim: Claim, answers: Answers) -> str:
    return verdict_of([finding_of(check, answers)[0] for check in claim.checks])[0]


def otherwise(claim: Claim, setting: Setting) -> Iterator[str]:
    """Verdicts after inputs have been changed, the cheapest first."""
    base, catalog = setting.base, setting.base.catalog
    names = frozenset(n for c in claim.checks if isinstance(c, FigureCheck) for n in (c.figure, *c.plus))
    for factor in FACTORS if names else ():
        scaled = cast("Catalog", Altered(catalog, names=names, factor=factor))
        yield verdict(claim, dataclasses.replace(base, catalog=scaled))
    if any(isinstance(check, RecordCheck) for check in claim.checks):
        yield verdict(claim, dataclasses.replace(base, catalog=other_records(claim, catalog)))
    if any(isinstance(check, ChangeCheck) for check in claim.checks):
        yield verdict(unchanged(claim), base)
    if any(isinstance(check, (ValueCheck, ChangeCheck)) and check.asking.ask == "race" for check in claim.checks):
        yield from (verdict(claim, other) for other in setting.others)
    for change in [each for name in asked_by(claim) for each in OTHERWISE.get(name, ())]:
        yield verdict(asked_otherwise(claim, change, base), base)


def asked_by(claim: Claim) -> list[str]:
    asked = [c.asking.ask for c in claim.checks if isinstance(c, (ValueCheck, ChangeCheck))]
    return list(dict.fromkeys(asked))


def other_records(claim: Claim, catalog: Catalog) -> Catalog:
    """A catalog whose records say something else, or lack what nothing is said of."""
    held: dict[str, dict[str, Any]] = {}
    for check in (each for each in claim.checks if isinstance(each, RecordCheck)):
        records = held.setdefault(check.folder, dict(getattr(catalog, check.folder)))
        key = check.name
        with contextlib.suppress(CatalogError):
            key = key if key in records else catalog.key_of(check.folder, key)
        if check.says and key in records:
            records[key] = dataclasses.replace(records[key], **dict.fromkeys(check.says, "another"))
        else:
            records.pop(key, None)
    return cast("Catalog", Altered(catalog, records=held))


def unchanged(claim: Claim) -> Claim:
    checks = [
        dataclasses.replace(check, change={}, change_figures={}) if isinstance(check, ChangeCheck) else check
        for check in claim.checks
    ]
    return dataclasses.replace(claim, checks=tuple(checks))


def asked_otherwise(claim: Claim, change: Mapping[str, Any], answers: Answers) -> Claim:
    def other(check: Check) -> Check:
        if isinstance(check, ChangeCheck):
            return dataclasses.replace(check, change={**check.change, **change})
        if isinstance(check, ValueCheck) and check.asking.ask in OTHERWISE:
            asking = check.asking
            asked = answers.after(asking.ask, answers.asked(asking), change)
            return dataclasses.replace(check, asking=dataclasses.replace(asking, asked=asked, table=None))
        return check

    return dataclasses.replace(claim, checks=tuple(other(check) for check in claim.checks))


def moves(claim: Claim, setting: Setting) -> bool:
    found = verdict(claim, setting.base)
    return any(other != found for other in otherwise(claim, setting))


@pytest.mark.parametrize("kind", ["figure", "mechanism", "scenario", "advice", "player", "chip", "system"])
def test_an_input_moves_the_verdict(kind: str, setting: Setting) -> None:
    seen, still = 0, []
    for claim in (each for each in shipped_ledger().claims if each.kind == kind):
        if seen == LEAST:
            break  # enough of the kind: no further statement could change the outcome
        if verdict(claim, setting.base) == NOT_CHECKABLE:
            continue
        if moves(claim, setting):
            seen += 1
        else:
            still.append(claim.id)
    assert seen == LEAST or not still, still
