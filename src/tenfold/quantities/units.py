"""Units: what a person may write, and the one unit each kind of number is kept in.

Two tables. ``_SYMBOLS`` lists the words of a unit ("GB", "kWh", "node") with their size and dimension.
``UNITS`` lists the *canonical* units, the only ones ``Figure.unit`` may hold: one for each dimension, SI
where the field uses SI, and the field's own unit where it does not ("USD/h" for a rented chip, "USD/kWh",
"kg/kWh" and "L/kWh" at a meter). Peak operations on integers count as FLOP.

Conventions: K, M, G, T … are powers of 1,000 and Ki, Mi, Gi, Ti powers of 1,024; ``B`` is a byte and ``b`` or
``bit`` a bit; a year is 365.25 days (the Julian year of the IAU) and a month one twelfth of it; 1 gal is
3.785411784 L (NIST SP 811). Sizes are exact fractions, so parsing rounds once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

Dimension = frozenset[tuple[str, int]]
"""Base dimensions with their exponents, zero exponents left out."""

_THOUSANDS: Mapping[str, Fraction] = {
    "": Fraction(1),
    "k": Fraction(10**3),
    "K": Fraction(10**3),
    "M": Fraction(10**6),
    "G": Fraction(10**9),
    "T": Fraction(10**12),
    "P": Fraction(10**15),
    "E": Fraction(10**18),
    "Z": Fraction(10**21),
    "Y": Fraction(10**24),
}
_BINARY: Mapping[str, Fraction] = {
    "Ki": Fraction(2**10),
    "Mi": Fraction(2**20),
    "Gi": Fraction(2**30),
    "Ti": Fraction(2**40),
    "Pi": Fraction(2**50),
}
_SMALL: Mapping[str, Fraction] = {
    "": Fraction(1),
    "m": Fraction(1, 10**3),
    "u": Fraction(1, 10**6),
    "n": Fraction(1, 10**9),
    "p": Fraction(1, 10**12),
}
_METRE: Mapping[str, Fraction] = {**_SMALL, "c": Fraction(1, 100), "k": Fraction(1000)}
_LITRE: Mapping[str, Fraction] = {"": Fraction(1), "m": Fraction(1, 1000), "k": Fraction(10**3), "M": Fraction(10**6)}
_PLAIN: Mapping[str, Fraction] = {"": Fraction(1)}

COUNTS: Mapping[str, Fraction] = {
    "K": Fraction(10**3),
    "k": Fraction(10**3),
    "thousand": Fraction(10**3),
    "M": Fraction(10**6),
    "million": Fraction(10**6),
    "B": Fraction(10**9),
    "bn": Fraction(10**9),
    "billion": Fraction(10**9),
    "T": Fraction(10**12),
    "trillion": Fraction(10**12),
    "Q": Fraction(10**15),
}
"""Suffixes of a count: ``15.6T tokens``, ``$250M``, ``405B``."""

_DAY = 86_400
_YEAR = Fraction(1461, 4) * _DAY

# names, prefixes they take, size in base units, dimension
_SYMBOLS: tuple[tuple[str, Mapping[str, Fraction], Fraction | int, str], ...] = (
    ("B", {**_THOUSANDS, **_BINARY}, 1, "byte"),
    ("byte bytes", _PLAIN, 1, "byte"),
    ("b bit bits", {**_THOUSANDS, **_BINARY}, Fraction(1, 8), "byte"),
    ("Bps", _THOUSANDS, 1, "byte /second"),
    ("bps", _THOUSANDS, Fraction(1, 8), "byte /second"),
    ("FLOP FLOPs OP OPs", _THOUSANDS, 1, "flop"),
    ("FLOPS OPS", _THOUSANDS, 1, "flop /second"),
    ("W", _THOUSANDS, 1, "joule /second"),
    ("J", {**_SMALL, **_THOUSANDS}, 1, "joule"),
    ("Wh", _THOUSANDS, 3600, "joule"),
    ("s", _SMALL, 1, "second"),
    ("sec second seconds", _PLAIN, 1, "second"),
    ("min minute minutes", _PLAIN, 60, "second"),
    ("h hr hrs hour hours", _PLAIN, 3600, "second"),
    ("d day days", _PLAIN, _DAY, "second"),
    ("wk week weeks", _PLAIN, 7 * _DAY, "second"),
    ("month months", _PLAIN, _YEAR / 12, "second"),
    ("y yr yrs year years", _PLAIN, _YEAR, "second"),
    ("Hz", _THOUSANDS, 1, "/second"),
    ("FIT", _PLAIN, Fraction(1, 3600 * 10**9), "/second"),
    ("g gCO2 gCO2e gCO2eq", {**_SMALL, "k": Fraction(1000)}, Fraction(1, 1000), "kilogram"),
    ("t tCO2 tCO2e tCO2eq", {"": Fraction(1), "k": Fraction(10**3), "M": Fraction(10**6)}, 1000, "kilogram"),
    ("tonne tonnes", _PLAIN, 1000, "kilogram"),
    ("L", _LITRE, 1, "litre"),
    ("liter liters litre litres", _PLAIN, 1, "litre"),
    ("m3", _PLAIN, 1000, "litre"),
    ("gal gallon gallons", _PLAIN, Fraction(3_785_411_784, 10**9), "litre"),
    ("m", _METRE, 1, "metre"),
    ("nm2", _PLAIN, Fraction(1, 10**18), "metre metre"),
    ("mm2", _PLAIN, Fraction(1, 10**6), "metre metre"),
    ("cm2", _PLAIN, Fraction(1, 10**4), "metre metre"),
    ("m2", _PLAIN, 1, "metre metre"),
    ("USD $ US$", _PLAIN, 1, "dollar"),
    ("tok token tokens", _PLAIN, 1, "token"),
    ("seq sequence sequences", _PLAIN, 1, "sequence"),
    ("param params parameter parameters", _PLAIN, 1, "parameter"),
    ("req request requests", _PLAIN, 1, "request"),
    ("chip chips GPU GPUs TPU TPUs NPU NPUs device devices accelerator accelerators", _PLAIN, 1, "thing"),
    ("node nodes server servers host hosts rack racks link links component components user users", _PLAIN, 1, "thing"),
    ("CO2 CO2e CO2eq", _PLAIN, 1, ""),
    ("%", _PLAIN, Fraction(1, 100), ""),
)


def combine(factors: Iterator[tuple[str, int]] | list[tuple[str, int]]) -> Dimension:
    """Multiply dimensions: add the exponents of each base, drop the zeros."""
    exponents: dict[str, int] = {}
    for base, exponent in factors:
        exponents[base] = exponents.get(base, 0) + exponent
    return frozenset((base, exponent) for base, exponent in exponents.items() if exponent)


def _dimension(words: str) -> Dimension:
    return combine([(word.lstrip("/"), -1 if word[0] == "/" else 1) for word in words.split()])


@dataclass(frozen=True, slots=True)
class Symbol:
    """One word of a unit: its size in base units and its dimension."""

    scale: Fraction
    dimension: Dimension


def _symbols() -> Iterator[tuple[str, Symbol]]:
    for names, prefixes, scale, dimension in _SYMBOLS:
        for name in names.split():
            for prefix, factor in prefixes.items():
                yield prefix + name, Symbol(factor * scale, _dimension(dimension))


SYMBOLS: Mapping[str, Symbol] = dict(_symbols())
"""Every word a unit may be made of; the case of its letters counts."""

WORDS: Mapping[str, str] = {name.lower(): name for name in SYMBOLS if len(name) > 3 and name.isalpha()}
"""Long words, which may be written in any case."""


@dataclass(frozen=True, slots=True)
class Display:
    """One way to print a canonical unit: before and after the number, its size, and from how many on it is used."""

    after: str
    scale: Fraction
    least: int = 1
    before: str = ""


@dataclass(frozen=True, slots=True)
class Unit:
    """A canonical unit: its size in base units, its dimension, how it prints, and an example to type."""

    name: str
    scale: Fraction
    dimension: Dimension
    example: str
    displays: tuple[Display, ...]
    """Largest first."""
    bare: bool = False
    """True when a number without a unit can mean nothing else."""

    @property
    def words(self) -> tuple[str, ...]:
        """How it is printed, without the number: "$K", "B tokens"."""
        return tuple(filter(None, (f"{each.before}{each.after.strip()}" for each in self.displays)))


def _scaled(after: str, prefixes: str, before: str = "", size: Fraction | int = 1) -> tuple[Display, ...]:
    """List displays with one prefix each, ``after`` holding ``*`` where the prefix stands."""
    scales = {**_SMALL, **_THOUSANDS, "B": Fraction(10**9), "c": Fraction(1, 100)}
    words = [prefix.strip("-") for prefix in prefixes.split()]
    return tuple(Display(after.replace("*", word), scales[word] * size, 1, before) for word in words)


_PER_HOUR = Fraction(1, 3600)
_PER_KWH = Fraction(1, 3_600_000)
_TIMES = (
    Display(" years", _YEAR, 2),
    Display(" days", Fraction(_DAY), 2),
    Display(" h", Fraction(3600), 2),
    Display(" min", Fraction(60), 2),
    *_scaled(" *s", "- m u n p"),
)
_RATES = (
    Display("/s", Fraction(1)),
    Display("/h", _PER_HOUR),
    Display("/day", Fraction(1, _DAY)),
    Display("/year", 1 / _YEAR),
)
_ENERGY = (*_scaled(" *Wh", "T G M k", size=3600), *_scaled(" *J", "k - m u n p"))
_MONEY = "T B M K -"
_COUNT = "T B M -"


def _unit(
    name: str,
    dimension: str,
    example: str,
    displays: tuple[Display, ...],
    scale: Fraction | int = 1,
    bare: bool = False,
) -> tuple[str, Unit]:
    return name, Unit(name, Fraction(scale), _dimension(dimension), example, displays, bare)


UNITS: Mapping[str, Unit] = dict(
    (
        _unit("1", "", "0.8", (Display("", Fraction(1)),), bare=True),
        _unit("B", "byte", "80 GB", (*_scaled(" *B", "E P T G M K"), Display(" bytes", Fraction(1)))),
        _unit("B/s", "byte /second", "3.35 TB/s", (*_scaled(" *B/s", "E P T G M K"), Display(" bytes/s", Fraction(1)))),
        _unit("FLOP", "flop", "3.8e25 FLOP", (Display(" FLOP", Fraction(1)),)),
        _unit("FLOP/s", "flop /second", "989 TFLOP/s", _scaled(" *FLOP/s", "Y Z E P T G M K -")),
        _unit("W", "joule /second", "700 W", _scaled(" *W", "T G M k -")),
        _unit("J", "joule", "1.2 GWh", _ENERGY),
        _unit("FLOP/J", "flop /joule", "1.4 TFLOP/s/W", _scaled(" *FLOP/J", "P T G M K -")),
        _unit("s", "second", "60 days", _TIMES),
        _unit("1/s", "/second", "6.5 per 1000 node-days", _RATES),
        _unit("chip-h", "thing second", "30.8M chip-hours", _scaled("* chip-hours", _COUNT, size=3600), 3600),
        _unit("USD", "dollar", "$250M", _scaled("*", _MONEY, "$")),
        _unit("USD/h", "dollar /second", "$1.99/h", _scaled("*/h", _MONEY, "$", _PER_HOUR), _PER_HOUR),
        _unit("USD/kWh", "dollar /joule", "$89.2/MWh", _scaled("*/kWh", "-", "$", _PER_KWH), _PER_KWH),
        _unit("USD/W", "dollar second /joule", "$12M/MW", _scaled("*/W", "K -", "$")),
        _unit("USD/token", "dollar /token", "$2.50/M tokens", _scaled("*/M tokens", "-", "$", Fraction(1, 10**6))),
        _unit("kg", "kilogram", "12 tCO2", (Display(" t", Fraction(1000)), Display(" kg", Fraction(1)))),
        _unit("kg/kWh", "kilogram /joule", "0.32 kg/kWh", (Display(" kg/kWh", _PER_KWH),), _PER_KWH),
        _unit("L", "litre", "1200 L", (Display(" m3", Fraction(1000)), Display(" L", Fraction(1)))),
        _unit("L/kWh", "litre /joule", "0.15 L/kWh", (Display(" L/kWh", _PER_KWH),), _PER_KWH),
        _unit("m", "metre", "5 nm", (Display(" km", Fraction(1000)), *_scaled(" *m", "- m u n"))),
        _unit("m2", "metre metre", "814 mm2", (Display(" m2", Fraction(1)), Display(" mm2", Fraction(1, 10**6)))),
        _unit("s/m", "second /metre", "4.9 us/km", _scaled(" *s/km", "m u", size=Fraction(1, 1000))),
        _unit("tokens", "token", "15.6T tokens", _scaled("* tokens", _COUNT), bare=True),
        _unit("tokens/s", "token /second", "12,000 tokens/s", _scaled("* tokens/s", "T B M K -")),
        _unit("J/token", "joule /token", "0.4 J/token", _scaled(" *J/token", "k - m u")),
        _unit("sequences", "sequence", "2,048 sequences", _scaled("* sequences", _COUNT), bare=True),
        _unit("parameters", "parameter", "405B parameters", _scaled("* parameters", _COUNT), bare=True),
        _unit("requests", "request", "1M requests", _scaled("* requests", _COUNT), bare=True),
        _unit("requests/s", "request /second", "250 requests/s", _scaled("* requests/s", "M K -")),
    )
)  # fmt: skip
"""The canonical units, by the name ``Figure.unit`` holds."""

UNIT_OF_DIMENSION: Mapping[Dimension, Unit] = {unit.dimension: unit for unit in UNITS.values()}
