"""The ledger: statements as files hold them, each with the calculations that judge it, or why there is none.

    [[claims]]
    id = "S0-008"
    kind = "figure"
    by = "essay 0"
    says = "Vera Rubin computes 3.3 times as fast as the best Blackwell."

    [[claims.checks]]
    kind = "figure"
    figure = "chips/vr200/peak.fp4"
    over = "chips/gb300/peak.fp4"
    least = 2.8
    most = 4.0

No verdict is written in a ledger: it follows from what is calculated.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from tenfold.claims.wording import WORDS, Ends, ends_of, missing
from tenfold.quantities import Amount, Flat, OneOf, Place, Problem, Text, shown
from tenfold.studies import known_name

KINDS = ("figure", "mechanism", "scenario", "advice", "player", "chip", "system")
VERDICTS = ("supported", "contradicted", "depends", "not_checkable")
SIGNS = ("rises", "falls", "does not rise", "does not fall", "stays")
THINGS = (
    *("chips", "systems", "fabrics", "models", "sites", "links", "software", "players", "deals", "technologies"),
    "services",
)
"""Folders of the catalog whose records a statement may be about."""
NUMBER = Amount("1", least=-math.inf)
SHORT, LONG = Text(longest=200), Text(longest=2000)


class QuestionName:
    """Name of a question of the registry."""

    def read(self, raw: Any, place: Place) -> str:  # noqa: ANN401
        """Name with spaces. Raises ``InputError`` with the nearest."""
        return known_name(SHORT.read(raw, place), file=place.file, key=place.key)

    def schema(self) -> dict[str, Any]:
        """A text."""
        return {"type": "string"}

    def words(self) -> tuple[str, ...]:
        """None; the registry lists them."""
        return ()


class AnyTable:
    """A table of values that something else reads: what is asked of a question, in the words of its own file."""

    def read(self, raw: Any, place: Place) -> Mapping[str, Any]:  # noqa: ANN401
        """Give the table as it stands."""
        if not isinstance(raw, Mapping):
            raise place.refusal(f"{shown(raw)} is not a table", f"Write [{place.key}] and keys below it")
        return dict(raw)

    def schema(self) -> dict[str, Any]:
        """Any object."""
        return {"type": "object"}

    def words(self) -> tuple[str, ...]:
        """None."""
        return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """What a check asks."""

    ask: Annotated[str, QuestionName()]
    """Question by name."""
    asked: Annotated[Mapping[str, Any], AnyTable()] = field(default_factory=dict)
    """What it is asked, as in its file; the question's own example when left out."""
    table: Annotated[str | None, SHORT] = None
    """Name of a table beside the statements that is asked, in place of asked."""
    with_figures: Annotated[Mapping[str, Any], AnyTable()] = field(default_factory=dict)
    """Figures of the catalog that are changed for this check: name to value."""
    path: Annotated[str, SHORT]
    """Dotted path of the value in the answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Where a number must be: what the words of the statement ask, or ends."""

    wording: Annotated[str | None, OneOf(WORDS, "wording")] = None
    """What the words say of the number; what it asks is the same for every statement."""
    states: Annotated[float | None, NUMBER] = None
    """The number in the words, in the unit of what is calculated."""
    to: Annotated[float | None, NUMBER] = None
    """The upper of two."""
    least: Annotated[float | None, NUMBER] = None
    """Lower end; none when left out."""
    most: Annotated[float | None, NUMBER] = None
    """Upper end; none when left out."""
    above: Annotated[float | None, NUMBER] = None
    """What it must exceed; none when left out. Nothing that moved is not above zero."""
    below: Annotated[float | None, NUMBER] = None
    """What it must fall short of; none when left out."""

    @property
    def stated(self) -> Ends:
        """Ends that are given as numbers."""
        return Ends(least=self.least, most=self.most, above=self.above, below=self.below)

    @property
    def ends(self) -> Ends:
        """Ends, from the words or as given."""
        return self.stated if self.wording is None else ends_of(self.wording, self.states, self.to)


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueCheck:
    """A value in an answer is within its ends, or is a text."""

    kind: Literal["value"]
    """A value of one answer."""
    case: str = ""
    """What this check supposes, in words; for statements that depend on it."""
    asking: Annotated[Asking, Flat()]
    """What is asked."""
    over: Annotated[str | None, SHORT] = None
    """Path of a value that the first is divided by."""
    equals: Annotated[str | None, SHORT] = None
    """Text the value must be; its number is judged when left out."""
    bounds: Annotated[Bounds, Flat()] = field(default_factory=Bounds)
    """Where the number must be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeCheck:
    """A value moves as stated when something is changed."""

    kind: Literal["change"]
    """A value of two answers."""
    case: str = ""
    """What this check supposes, in words."""
    asking: Annotated[Asking, Flat()]
    """What is asked before the change."""
    change: Annotated[Mapping[str, Any], AnyTable()] = field(default_factory=dict)
    """What is asked otherwise: dotted key to value."""
    change_figures: Annotated[Mapping[str, Any], AnyTable()] = field(default_factory=dict)
    """Figures of the catalog that are changed: name to value."""
    then: Annotated[str | None, OneOf(SIGNS, "sign")] = None
    """What the value does."""
    bounds: Annotated[Bounds, Flat()] = field(default_factory=Bounds)
    """Where the value after over the value before must be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureCheck:
    """A figure of the catalog, or the ratio of two, is within its ends."""

    kind: Literal["figure"]
    """Figures of the catalog."""
    case: str = ""
    """What this check supposes, in words."""
    figure: Annotated[str, SHORT]
    """Name, such as chips/h100-sxm/peak.bf16."""
    plus: tuple[Annotated[str, SHORT], ...] = ()
    """Names of figures that are added to it."""
    less: tuple[Annotated[str, SHORT], ...] = ()
    """Names of figures that are taken from it."""
    over: Annotated[str | None, SHORT] = None
    """Name of the figure that it is divided by."""
    bounds: Annotated[Bounds, Flat()] = field(default_factory=Bounds)
    """Where the number must be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordCheck:
    """A record of the catalog is there and holds what is said of it."""

    kind: Literal["record"]
    """A thing of the catalog."""
    case: str = ""
    """What this check supposes, in words."""
    folder: Annotated[str, OneOf(THINGS, "folder")]
    """Folder of the catalog, such as chips."""
    name: Annotated[str, SHORT]
    """Key or alias."""
    holds: tuple[Annotated[str, SHORT], ...] = ()
    """Figures it must have."""
    says: Mapping[str, Annotated[str, SHORT]] = field(default_factory=dict)
    """Fields and the text each must be."""


Check = ValueCheck | ChangeCheck | FigureCheck | RecordCheck


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A statement and what judges it."""

    id: Annotated[str, SHORT]
    """Its own name."""
    kind: Annotated[str, OneOf(KINDS, "kind of statement")]
    """What it is about."""
    by: str = ""
    """Who says so."""
    says: Annotated[str, LONG]
    """The statement in one sentence."""
    value: Annotated[float | None, NUMBER] = None
    """The number it states."""
    unit: str = ""
    """Of the number."""
    as_of: str = ""
    """When it is meant to hold."""
    checks: tuple[Check, ...] = ()
    """Calculations that judge it, each a case of its own."""
    unchecked: Annotated[str | None, LONG] = None
    """Why no calculation can judge it."""
    against: tuple[Annotated[str, SHORT], ...] = ()
    """Statements that contradict it, by their names."""


def cannot_fail(check: Check) -> bool:
    """Whether any number that a check calculates would support its statement."""
    if isinstance(check, RecordCheck):
        return False
    words = {"value": "equals", "change": "then"}.get(check.kind)
    return check.bounds.ends.open and not (words and getattr(check, words))


Tables = Mapping[str, Annotated[Mapping[str, Any], AnyTable()]]
"""Tables that checks ask, by name."""


def problems_between(claims: tuple[Claim, ...], tables: Tables) -> Iterator[Problem]:
    """Say which names are given twice, which statements nothing judges, and which name others that are not there."""
    known = Counter(claim.id for claim in claims)
    for name, times in known.items():
        if times > 1:
            yield Problem(
                file="", key="id", wrong=f"{shown(name)} names {times} statements", remedy="Rename all but one"
            )
    for place, claim in enumerate(claims):
        for row, check in enumerate(claim.checks):
            named = check.asking.table if isinstance(check, (ValueCheck, ChangeCheck)) else None
            if named is not None and named not in tables:
                remedy = (
                    f"Write [tables.{named}], or one of {', '.join(tables)}" if tables else f"Write [tables.{named}]"
                )
                key = f"claims.{place}.checks.{row}.table"
                yield Problem(file="", key=key, wrong=f"no table is called {shown(named)}", remedy=remedy)
            yield from _about_ends(check, f"claims.{place}.checks.{row}")
        if bool(claim.checks) == bool(claim.unchecked):
            remedy = "Give checks, or say in unchecked why none is possible"
            yield Problem(file="", key=f"claims.{place}", wrong="is judged by checks or says why not", remedy=remedy)
        for other in sorted(set(claim.against) - known.keys()):
            yield Problem(file="", key=f"claims.{place}.against", wrong=f"no statement {shown(other)}", remedy="")


def _about_ends(check: Check, key: str) -> Iterator[Problem]:
    """Say which ends are none, and which words lack a number."""
    if isinstance(check, RecordCheck):
        return
    bounds = check.bounds
    wrong = missing(bounds.wording, bounds.states, bounds.to)
    if wrong:
        remedy = "Write states (and to, for between) with wording, in the unit of what is calculated"
        yield Problem(file="", key=f"{key}.wording", wrong=wrong, remedy=remedy)
    elif bounds.wording is not None and not bounds.stated.open:
        remedy = "Keep wording, or the ends"
        yield Problem(file="", key=f"{key}.wording", wrong="ends are given beside the words", remedy=remedy)
    elif cannot_fail(check):
        remedy = "Write wording, least, most, above, below, equals or then"
        yield Problem(file="", key=key, wrong="compares what it calculates with nothing", remedy=remedy)


def changed(tree: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """Lay values at dotted keys over a table; a number in a key is a place in a list."""
    found = dict(tree)
    for path, value in change.items():
        found = _set(found, path.split("."), value)
    return found


def _set(within: Any, steps: list[str], value: Any) -> Any:  # noqa: ANN401  (tables, lists, values)
    if not steps:
        return value
    first, rest = steps[0], steps[1:]
    if isinstance(within, list):
        place = int(first)
        return [_set(each, rest, value) if at == place else each for at, each in enumerate(within)]
    held = within if isinstance(within, Mapping) else {}
    return {**held, first: _set(held.get(first), rest, value)}
