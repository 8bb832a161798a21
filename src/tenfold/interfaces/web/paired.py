"""Answers under the same luck: in how many draws a number of one is below that of another."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tenfold.quantities import InputError, keeping_samples, value_at
from tenfold.reports import answer_data, report_of
from tenfold.studies import Asked, ask

if TYPE_CHECKING:
    from tenfold.catalog import Catalog
    from tenfold.quantities import Floats

LETTERS = "ABCD"


def paired(asked: Sequence[tuple[Asked, Catalog]]) -> list[dict[str, Any]]:
    """Compare every two answers at every number with a range that heads a report of both.

    Only draws that were made alike are compared: equally many, with the same seed.
    """
    answered = [_with_draws(each, catalog) for each, catalog in asked]
    seeds = [each.seed for each, _ in asked]
    found = []
    for (a, first), (b, second) in itertools.combinations(enumerate(answered), 2):
        for name in first:
            left, right = first[name], second.get(name)
            if right is not None and left.shape == right.shape and seeds[a] == seeds[b]:
                share = float((left < right).mean() + 0.5 * (left == right).mean())
                found.append({"name": name, "a": LETTERS[a], "b": LETTERS[b], "share": share})
    return found


def _with_draws(asked: Asked, catalog: Catalog) -> dict[str, Floats]:
    """Draws of the numbers that head a report, by the name of their card."""
    with keeping_samples() as samples:
        answer = ask(asked, catalog)
    data, found = answer_data(answer), {}
    for card in report_of(answer).cards:
        try:
            value = value_at(data, card.path)[0] if card.path else None
        except InputError:
            continue
        if isinstance(value, dict) and {"p10", "p50", "p90"} <= value.keys():
            draws = samples.get((value["p10"], value["p50"], value["p90"]))
            if draws is not None:
                found[card.name] = draws
    return found
