"""Scenarios of a procurement file, read into effects; what is left of the probability is the base case."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tenfold.planning.procurement.effects import Effect, ScenarioText
from tenfold.planning.procurement.options_table import OptionsRead
from tenfold.planning.procurement.values import Values
from tenfold.planning.procurement.workloads_table import WorkloadsRead
from tenfold.quantities import shown

BASE = "base"
NEGLIGIBLE = 1e-9
SELECTORS = ("workloads", "chips", "vendors", "suppliers", "sites")


def read_scenarios(
    document: Any,  # noqa: ANN401
    values: Values,
    options: OptionsRead,
    workloads: WorkloadsRead,
) -> tuple[ScenarioText, ...]:
    """Read every scenario, the base case first; one that cannot happen is left out."""
    known = {"workloads": workloads.columns.names, **options.known}
    found = [_scenario(row, table, values, known, options) for row, table in enumerate(document.scenarios)]
    left = 1.0 - sum(scenario.probability for scenario in found)
    if left < -NEGLIGIBLE:
        values.wrong("scenarios", f"probabilities sum to {1.0 - left:.4g}", "Write probabilities that sum to at most 1")
    names = [BASE, *(scenario.name for scenario in found)]
    for name in {name for name in names if names.count(name) > 1}:
        values.wrong("scenarios", f"{shown(name)} is there twice", f"Name each once; '{BASE}' is what is left over")
    base = [ScenarioText(name=BASE, probability=left)] if left > NEGLIGIBLE else []
    return (*base, *(scenario for scenario in found if scenario.probability > 0))


def _scenario(
    row: int,
    table: Any,  # noqa: ANN401
    values: Values,
    known: Mapping[str, Sequence[str]],
    options: OptionsRead,
) -> ScenarioText:
    key = f"scenarios.{row}"
    effects = (
        _effect(f"{key}.effects.{place}", effect, values, known, options) for place, effect in enumerate(table.effects)
    )
    probability = values.number(f"{key}.probability", table.probability, "share", 0.0)
    return ScenarioText(name=table.name, probability=probability, effects=tuple(effects))


def _effect(
    key: str,
    table: Any,  # noqa: ANN401
    values: Values,
    known: Mapping[str, Sequence[str]],
    options: OptionsRead,
) -> Effect:
    names = {name: tuple(_known(f"{key}.{name}", getattr(table, name), values, known[name])) for name in SELECTORS}
    _fits_kind(key, table, values)
    if table.licensed_chips:
        licensed = options.licensed
        names["chips"] = tuple(chip for chip in licensed if not names["chips"] or chip in names["chips"]) or ("",)
        if options.rule is None:
            values.wrong(f"{key}.licensed_chips", "no export rule is given", "Add [export] with a rule")
    first = values.within(f"{key}.since", table.since, 0)
    end = values.end_quarter(f"{key}.until", table.until)
    if end <= first:
        values.wrong(f"{key}.until", f"{shown(str(table.until))} is not after the start", "Write a later quarter")
    return Effect(
        kind=table.kind,
        first_quarter=first,
        end_quarter=end,
        factor=values.number(f"{key}.factor", table.factor, "factor", 1.0),
        quarters=table.quarters,
        value_kept=values.number(f"{key}.value_kept", table.value_kept, "share", 1.0),
        supplies=tuple(table.supplies),
        **names,
    )


def _fits_kind(key: str, table: Any, values: Values) -> None:  # noqa: ANN401
    """Refuse what an effect of this kind cannot have, or lacks."""
    if table.kind == "interruption" and table.until is None:
        values.wrong(f"{key}.until", "is missing", "Add the first quarter after the interruption, such as '2028Q1'")
    if table.kind == "ban" and table.until is not None:
        values.wrong(f"{key}.until", "a ban does not end", "Leave it out, or write kind = 'interruption'")
    if table.kind == "delay" and not table.quarters:
        values.wrong(f"{key}.quarters", "is missing", "Add by how many quarters deliveries are late")


def _known(key: str, names: Iterable[str], values: Values, known: Sequence[str]) -> Iterable[str]:
    """Give the names that something in the file has; the others are problems."""
    for name in names:
        if name in known:
            yield name
            continue
        close = difflib.get_close_matches(name, known, n=1)
        hint = f": did you mean '{close[0]}'?" if close else ""
        values.wrong(key, f"unknown name {shown(name)}{hint}", "" if close else f"Use one of {', '.join(known)}")
