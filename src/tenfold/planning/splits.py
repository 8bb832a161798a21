"""Splits of a model's layers over chips that engines start."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tenfold.quantities import Problem

if TYPE_CHECKING:
    from tenfold.catalog import ModelRecord


def problems_of_split(model: ModelRecord, tp: int | None, key: str) -> Iterator[Problem]:
    """A split of every layer over chips that its heads do not divide over; engines start no such replica."""
    heads = round(float(model.shape.heads))
    if tp and heads % tp:
        wrong = f"{tp} chips do not share the {heads} heads of {model.key} evenly"
        splits = [each for each in range(1, heads + 1) if heads % each == 0]
        nearest = sorted(splits, key=lambda each: abs(each - tp))[:2]
        yield Problem(file="", key=key, wrong=wrong, remedy=f"Use {' or '.join(str(each) for each in sorted(nearest))}")
