"""What varies in a study: ``--over`` as people write it, and the values of every cell.

``path=a,b``            each of these, as the file writes them
``path=lo:hi:n[:log]``  n values from lo to hi, evenly, or evenly in their logarithm
``path=lo:hi[:log]``    drawn from lo to hi, with ``--sample sobol:256``
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import tomli

from tenfold.quantities import Amount, Field, InputError, Many, Place, Problem, Table, Whole, fields_of, shown
from tenfold.quantities import Kinds as KindsOfTable

MOST_CELLS = 1_000_000
MOST_VALUES = 100_000
"""Of one path."""
OVER = "--over"
HOW = "Write path=a,b or path=lo:hi:n or path=lo:hi:n:log"


@dataclass(frozen=True, slots=True, kw_only=True)
class Varied:
    """One path and its values, or the ends it is drawn between."""

    path: str
    values: tuple[Any, ...] = ()
    low: float = math.nan
    high: float = math.nan
    log: bool = False
    whole: bool = False

    @property
    def drawn(self) -> bool:
        """Whether its values are drawn."""
        return not self.values

    def at(self, share: float) -> float | int:
        """Value at a share of the way from low to high."""
        way = self.low * (self.high / self.low) ** share if self.log else self.low + share * (self.high - self.low)
        return round(way) if self.whole else way


def read_over(text: str, record: type, place: Place) -> Varied:
    """Read one ``--over``. Raises ``InputError`` that names the path, or what of it is wrong."""
    path, equals, said = text.partition("=")
    path = path.strip()
    if not equals or not path or not said.strip():
        raise _wrong(text, "is no path=values", HOW)
    field = field_at(record, path)
    ends = [part.strip() for part in said.split(":")]
    if field is not None and _is_range(ends):
        return _range(path, ends, field, place)
    values = tuple(_value(part, field) for part in _split(said))
    if len(values) > MOST_VALUES:
        raise _wrong(path, f"has more than {MOST_VALUES:,} values", "Give fewer")
    return Varied(path=path, values=values)


def _wrong(key: str, wrong: str, remedy: str) -> InputError:
    return InputError(Problem(file=OVER, key=shown(key)[1:-1], wrong=wrong, remedy=remedy))


def _is_range(parts: Sequence[str]) -> bool:
    numbered = len(parts) in (3, 4) and parts[2].isdecimal() and (len(parts) == 3 or parts[3] == "log")
    return numbered or len(parts) == 2 or (len(parts) == 3 and parts[2] == "log")


def _range(path: str, parts: Sequence[str], field: Field, place: Place) -> Varied:
    asks = field.each
    if isinstance(field.shape, Many) or not isinstance(asks, (Amount, Whole)):
        raise _wrong(path, "is no number that a range can run over", "Write path=a,b")
    low, high = (asks.read(_plain(end), place.at(path)) for end in parts[:2])
    log, whole = parts[-1] == "log", isinstance(asks, Whole)
    if log and low <= 0:
        raise _wrong(path, "has no logarithm at its lower end", "Begin above zero, or leave out :log")
    count = int(parts[2]) if len(parts) > 2 and parts[2].isdecimal() and len(parts[2]) < 7 else 0
    varied = Varied(path=path, low=low, high=high, log=log, whole=whole)
    if len(parts) == 2 or parts[2] == "log":
        return varied
    if not 1 <= count <= MOST_VALUES:
        raise _wrong(path, f"has {parts[2]} values", f"Give from 1 to {MOST_VALUES:,}")
    shares = [place / (count - 1) for place in range(count)] if count > 1 else [0.0]
    return Varied(path=path, values=tuple(dict.fromkeys(varied.at(share) for share in shares)))


def _split(text: str) -> Iterator[str]:
    """Parts between commas that stand in no brackets and no quotes."""
    depth, quote, part = 0, "", ""
    for letter in text:
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "\"'":
            quote = letter
        depth += (letter in "[{") - (letter in "]}") if not quote else 0
        if letter == "," and not quote and depth == 0:
            yield part.strip()
            part = ""
        else:
            part += letter
    yield part.strip()


def _plain(text: str) -> Any:  # noqa: ANN401  (any TOML value)
    """Read text as TOML does, and else as text."""
    try:
        return tomli.loads(f"value = {text}")["value"]
    except (tomli.TOMLDecodeError, ValueError):
        return text


def _value(text: str, field: Field | None) -> Any:  # noqa: ANN401  (any TOML value)
    value = _plain(text)
    many = field is not None and isinstance(field.shape, Many)
    return [value] if many and not isinstance(value, list) else value


def field_at(record: type, path: str) -> Field | None:
    """Field of a record at a dotted path; None where there is none, or more than one may be meant."""
    for field in fields_of(record):
        if path in (field.key, field.name):
            return field
        if path.startswith(f"{field.key}."):
            rest = path.removeprefix(f"{field.key}.")
            shape = field.shape
            if isinstance(shape, Table):
                return field_at(shape.record, rest)
            if isinstance(shape, KindsOfTable):
                found = [field_at(each, rest) for each in dict.fromkeys(shape.records.values())]
                return next((each for each in found if each is not None), None)
    return None


def read_sample(text: str) -> int:
    """Read ``sobol:256``: how many points. Raises ``InputError``."""
    kind, _, count = text.partition(":")
    if kind != "sobol" or not count.isdecimal() or len(count) > 6 or not 1 <= int(count) <= MOST_VALUES:
        wrong = f"{shown(text)} is no sample"
        raise InputError(Problem(file="--sample", key="", wrong=wrong, remedy="Write sobol:256"))
    return int(count)


def values_of(varied: Sequence[Varied], sample: int, seed: int) -> list[dict[str, Any]]:
    """Values of every cell by path: every list crossed, and every sample with each.

    Raises ``InputError`` for ends without a sample, a sample without ends, and more cells than may be.
    """
    drawn, listed = [each for each in varied if each.drawn], [each for each in varied if not each.drawn]
    if drawn and not sample:
        raise _wrong(drawn[0].path, "has two ends and no count", "Add --sample sobol:256, or write path=lo:hi:n")
    if sample and not drawn:
        raise InputError(
            Problem(file="--sample", key="", wrong="draws nothing", remedy="Give --over path=lo:hi for what is drawn")
        )
    if math.prod(len(each.values) for each in listed) * max(sample, 1) > MOST_CELLS:
        raise _wrong("", f"gives more than {MOST_CELLS:,} cells", "Vary less at once")
    samples = _samples(drawn, sample, seed) if drawn else [{}]
    crossed = itertools.product(*(each.values for each in listed))
    names = [each.path for each in listed]
    return [{**dict(zip(names, values, strict=True)), **point} for values in crossed for point in samples]


def _samples(drawn: Sequence[Varied], count: int, seed: int) -> list[dict[str, Any]]:
    """Scrambled Sobol points (Owen 1998, doi:10.1006/jcom.1998.0487) between the ends."""
    import numpy as np

    from tenfold.quantities import scrambled_sobol

    points = scrambled_sobol(len(drawn), max(1, math.ceil(math.log2(count))), np.random.default_rng(seed))[:count]
    return [{each.path: each.at(float(u)) for each, u in zip(drawn, row, strict=True)} for row in points]


def with_values(tree: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Give the tree with other values at paths; a step that is a number goes into a list."""
    found: Any = dict(tree)
    for path, value in values.items():
        found = _put(found, path.split("."), value, path)
    return dict(found)


def _put(tree: Any, steps: Sequence[str], value: Any, path: str) -> Any:  # noqa: ANN401  (any TOML value)
    step, *rest = steps
    if isinstance(tree, list):
        if not step.isdecimal() or int(step) >= len(tree):
            raise _wrong(path, f"there is no entry {shown(step)}", f"Write a number from 0 to {len(tree) - 1}")
        inner = _put(tree[int(step)], rest, value, path) if rest else value
        return [inner if at == int(step) else each for at, each in enumerate(tree)]
    if not isinstance(tree, Mapping):
        raise _wrong(path, "leads into what is no table", HOW)
    return {**tree, step: _put(tree.get(step, {}), rest, value, path) if rest else value}
