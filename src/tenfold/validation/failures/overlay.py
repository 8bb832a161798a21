"""A fitted failure rate as files of a catalog overlay: ``assumptions/reliability.toml`` and its source."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

import tomli

from tenfold.quantities import InputError, Problem
from tenfold.validation.failures.answer import FailureFit, GoodputFitAnswer

SOURCE = "own-failure-logs"
SOURCES_FILE = f"sources/{SOURCE}.toml"
RATES_FILE = "assumptions/reliability.toml"
PREFIX = "failures_per_1000_node_days_"


def overlay_files(answer: GoodputFitAnswer) -> Mapping[str, str]:
    """Texts of the overlay's files by path in it. Raises ``InputError`` for an answer without a chip."""
    if not answer.family:
        wrong, remedy = "logs do not say which chip the nodes have", "Give --chip, such as --chip h100-sxm"
        raise InputError(Problem(file="", key="chip", wrong=wrong, remedy=remedy))
    today = datetime.date.today()  # noqa: DTZ011  (the user's own calendar day is meant)
    as_of = answer.fit.as_of or today
    return {
        RATES_FILE: f"{PREFIX}{answer.family} = {_figure(answer.fit, as_of)}\n",
        SOURCES_FILE: f'[{SOURCE}]\ntitle = "Own logs of failures"\ndate = "{as_of}"\n',
    }


def joined_rates(name: str, text: str, there: str) -> str:
    """Text of a file of the overlay with the rates of other families that are there.

    Raises ``InputError`` when ``there`` holds more than rates written here, which would be lost.
    """
    if name != RATES_FILE:
        return text
    rates = _kept(there) | _lines(text)
    return "".join(f"{rate} = {figure}\n" for rate, figure in sorted(rates.items()))


def _lines(text: str) -> dict[str, str]:
    """Figures of a fit, a line each."""
    return dict(line.split(" = ", 1) for line in text.splitlines() if line.startswith(PREFIX) and " = " in line)


def _kept(there: str) -> dict[str, str]:
    """Figures of an earlier fit."""
    try:
        tables = tomli.loads(there)
    except tomli.TOMLDecodeError:
        tables = {"": ""}
    lines = _lines(there)
    own = {name: isinstance(table, dict) and table.get("source") == SOURCE for name, table in tables.items()}
    if not all(own.values()) or own.keys() != lines.keys():
        wrong = "the file holds more than fitted failure rates, which would be lost"
        raise InputError(Problem(file=RATES_FILE, key="", wrong=wrong, remedy="Name another folder with --out"))
    return lines


def _figure(fit: FailureFit, as_of: datetime.date) -> str:
    """The rate as a figure: P50 with P10 and P90, and what it rests on."""
    rate = fit.rate
    period = f", {fit.first[:10]} to {fit.last[:10]}" if fit.first else ""
    causes = " and ".join(fit.counted).replace("-", " ")
    note = f"{rate.events} failures ({causes}) in {fit.node_days:.4g} node-days of {fit.chips_per_node:g} chips{period}"
    clean = "".join(letter if letter.isprintable() and letter not in '"\\' else " " for letter in note)
    return (
        f"{{ value = {rate.p50:.4g}, low = {rate.p10:.4g}, high = {rate.p90:.4g}, "
        f'kind = "measured", source = "{SOURCE}", as_of = "{as_of}", note = "{clean}" }}'
    )
