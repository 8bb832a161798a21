"""A study as a table for others: CSV with a column for each number, JSON with the answers themselves."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path

from tenfold.quantities import InputError, Problem
from tenfold.studies.cells import Outcome

ENDINGS = (".parquet", ".csv", ".json")


def write_table(place: Path, outcomes: Sequence[Outcome], values: Sequence[str]) -> None:
    """Write outcomes with the values of their cells. Raises ``InputError`` for another ending, ``OSError``."""
    if place.suffix == ".csv":
        text = _csv(outcomes, values)
    elif place.suffix == ".json":
        text = _json(outcomes, values)
    else:
        wrong, remedy = f"nothing is exported as '{place.suffix}'", f"Use one of {', '.join(ENDINGS)}"
        raise InputError(Problem(file=str(place), key="", wrong=wrong, remedy=remedy))
    part = place.with_name(f".{place.name}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(place)


def _csv(outcomes: Sequence[Outcome], values: Sequence[str]) -> str:
    names = sorted({path for each in outcomes for path, _ in each.numbers})
    inputs = list(dict.fromkeys(name for said in values for name in json.loads(said)))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["cell", *inputs, "fits", "wrong", *names])
    for each in outcomes:
        given, numbers = json.loads(values[each.place]), dict(each.numbers)
        writer.writerow([
            each.place, *(given.get(name, "") for name in inputs), "" if each.fits is None else each.fits, each.wrong,
            *("" if numbers.get(name) is None else repr(numbers[name]) for name in names),
        ])  # fmt: skip
    return out.getvalue()


def _json(outcomes: Sequence[Outcome], values: Sequence[str]) -> str:
    rows = [
        {"cell": each.place, "values": json.loads(values[each.place]), "fits": each.fits, "wrong": each.wrong,
         "answer": json.loads(each.answer) if each.answer else None}
        for each in outcomes
    ]  # fmt: skip
    return json.dumps(rows, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
