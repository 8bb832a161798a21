"""A fitted failure rate as files of a catalog overlay: ``assumptions/reliability.toml`` and its source."""

from __future__ import annotations

import datetime
import tomllib
from pathlib import Path

from tenfold.quantities import InputError, Problem
from tenfold.validation.failure_rates import FailureFit, FittedRate

SOURCE = "own-failure-logs"
SOURCES_FILE = f"sources/{SOURCE}.toml"
RATES_FILE = "assumptions/reliability.toml"
PREFIX = "failures_per_1000_node_days_"


def overlay_folder(place: Path) -> Path:
    """Folder of the overlay: the place itself, or the one around ``assumptions/reliability.toml``.

    Raises ``InputError`` for another file, which a catalog would not read.
    """
    if place.suffix != ".toml":
        return place
    if place.parts[-2:] != ("assumptions", "reliability.toml"):
        wrong = f"a catalog reads failure rates from {RATES_FILE} alone"
        remedy = f"Name a folder, or DIR/{RATES_FILE}"
        raise InputError(Problem(file=str(place), key="", wrong=wrong, remedy=remedy))
    return place.parent.parent


def failure_overlay(fit: FailureFit, family: str, as_of: datetime.date, there: str = "") -> dict[str, str]:
    """Texts of the overlay's files by path in it; rates of other families in ``there``, the file as it is, are kept.

    Raises ``InputError`` when ``there`` holds more than rates written here, which would be lost.
    """
    rates = _kept(there) | {f"{PREFIX}{family}": _figure(fit, as_of)}
    return {
        RATES_FILE: "".join(f"{name} = {figure}\n" for name, figure in sorted(rates.items())),
        SOURCES_FILE: f'[{SOURCE}]\ntitle = "Own logs of failures"\ndate = "{as_of}"\n',
    }


def _kept(there: str) -> dict[str, str]:
    """Figures of an earlier fit, a line each."""
    try:
        tables = tomllib.loads(there)
    except tomllib.TOMLDecodeError:
        tables = {"": ""}
    lines = dict(line.split(" = ", 1) for line in there.splitlines() if line.startswith(PREFIX) and " = " in line)
    own = {name: isinstance(table, dict) and table.get("source") == SOURCE for name, table in tables.items()}
    if not all(own.values()) or own.keys() != lines.keys():
        wrong = "the file holds more than fitted failure rates, which would be lost"
        raise InputError(Problem(file=RATES_FILE, key="", wrong=wrong, remedy="Name another folder with --out"))
    return lines


def _figure(fit: FailureFit, as_of: datetime.date) -> str:
    """The rate as a figure: P50 with P10 and P90, and what it rests on."""
    rate: FittedRate = fit.rate
    period = f", {fit.first[:10]} to {fit.last[:10]}" if fit.first else ""
    causes = " and ".join(fit.counted).replace("-", " ")
    note = f"{rate.events} failures ({causes}) in {fit.node_days:.4g} node-days of {fit.chips_per_node:g} chips{period}"
    clean = "".join(letter if letter.isprintable() and letter not in '"\\' else " " for letter in note)
    return (
        f"{{ value = {rate.p50:.4g}, low = {rate.p10:.4g}, high = {rate.p90:.4g}, "
        f'kind = "measured", source = "{SOURCE}", as_of = "{as_of}", note = "{clean}" }}'
    )
