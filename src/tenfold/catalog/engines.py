"""Serving engines: what an engine of a vintage is used with, and how a table of measurements names it."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Annotated

from tenfold.catalog.figured import Own
from tenfold.catalog.records import Name
from tenfold.quantities import Amount, Day, Switch, Text, Whole

GENERIC = "vllm"
"""Engine taken for chips whose vendor has none of its own."""
LATEST_FOR_YEARS = 0.5
"""A version whose successor had been out for longer is not believed: some tables state the version of a router."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """A serving engine of a certain age, with the settings it is used with unless told otherwise."""

    key: Own = ""
    name: Name
    engine: Name
    """The engine whatever its age; what holds for one of its vintages is believed near for the others."""
    since: Annotated[datetime.date, Day()]
    from_version: Annotated[str, Text(longest=20, empty=True)] = ""
    """First version that counts as this vintage, such as "0.12"; empty where tables state none."""
    from_library: Annotated[str, Text(longest=40, empty=True)] = ""
    """First version of the library it is built on, such as "TensorRT 10.14"; some tables state that in its place."""
    labels: tuple[Name, ...]
    """Parts of engine names in tables that mean it, whatever their case."""
    default_for: tuple[Name, ...] = ()
    """Vendors whose chips are mostly served with it."""
    memory_share: Annotated[float, Amount("1", above=0.0, most=1.0)] = 0.9
    """Share of the memory it takes for weights, buffers and cache."""
    free_share: Annotated[float, Amount("1", above=0.0, most=1.0)] = 1.0
    """Share that its cache takes of what weights and buffers leave of that."""
    max_sequences: Annotated[int, Whole()] = 256
    """Sequences that a data-parallel rank runs at once."""
    max_sequences_by_family: Mapping[Name, Annotated[int, Whole()]] = field(default_factory=dict, hash=False)
    """The same for chip families on which it is another."""
    token_budget: Annotated[int, Whole()] = 8192
    """Tokens that one step takes at most."""
    mixes_prompts: Annotated[bool, Switch()] = True
    """Whether a step takes prompts and gives tokens at once; otherwise what decodes waits for the prompts."""
    overlaps_host: Annotated[bool, Switch()] = False
    """Whether its host prepares the next step while the chips run one."""
    holds_first_token: Annotated[bool, Switch()] = False
    """Whether it also holds back the first token where it streams several tokens at once."""
    narrow_attention_on: tuple[Name, ...] = ()
    """Chip families on which attention multiplies a cache of 8 bits as it is; elsewhere it is widened first."""
    cache_as_weights: Annotated[bool, Switch()] = False
    """Whether its cache is kept in 8 bits when the weights are in 8 bits or fewer and nothing is said."""
    aliases: tuple[Name, ...] = ()
    notes: tuple[str, ...] = ()
    file: Own = ""

    def sequences_on(self, family: str) -> int:
        """Sequences that a data-parallel rank runs at once on chips of a family."""
        return self.max_sequences_by_family.get(family, self.max_sequences)


def engine_named(label: str, version: str, when: datetime.date | None, engines: Iterable[Engine]) -> Engine | None:
    """The vintage that an engine's name, version and date in a table mean; None when no label is part of the name.

    The longest label found counts. Among its vintages the version decides where it is one of the engine's and was
    still current at the date; else the date; else the latest.
    """
    text = label.lower()
    scored = [(max((len(part) for part in each.labels if part.lower() in text), default=0), each) for each in engines]
    longest = max((length for length, _ in scored), default=0)
    if longest == 0:
        return None
    vintages = sorted((each for length, each in scored if length == longest), key=lambda each: each.since)
    return _by_version(vintages, version, when) or _by_library(vintages, version) or _by_date(vintages, when)


def default_engine(vendor: str, engines: Mapping[str, Engine]) -> Engine:
    """The latest vintage of the engine that chips of this vendor are mostly served with."""
    of_vendor = [each for each in engines.values() if vendor.lower() in (name.lower() for name in each.default_for)]
    found = of_vendor or [each for each in engines.values() if each.engine == GENERIC]
    return max(found, key=lambda each: (each.since, each.key))


def _by_date(vintages: list[Engine], when: datetime.date | None) -> Engine:
    existing = [each for each in vintages if when is None or each.since <= when]
    return existing[-1] if existing else vintages[0]


def _by_version(vintages: list[Engine], version: str, when: datetime.date | None) -> Engine | None:
    stated = _numbers(version)
    starts = [(_numbers(each.from_version), each) for each in vintages if each.from_version]
    if not stated or not starts:
        return None
    place = max((index for index, (start, _) in enumerate(starts) if start <= stated), default=0)
    if when is not None and place + 1 < len(starts):
        outdated = (when - starts[place + 1][1].since).days / 365.25
        if outdated > LATEST_FOR_YEARS:
            return None
    return starts[place][1]


def _by_library(vintages: list[Engine], stated: str) -> Engine | None:
    """The latest vintage whose library is no later than the one stated; the one before where all are later."""
    built = [(each.from_library.rpartition(" "), each) for each in vintages if each.from_library]
    for name in dict.fromkeys(library[0] for library, _ in built):
        found = re.search(rf"\b{re.escape(name)} (\d+(?:\.\d+)+)", stated)
        if found:
            starts = [(_numbers(library[2]), each) for library, each in built if library[0] == name]
            place = max((index for index, (start, _) in enumerate(starts) if start <= _numbers(found[1])), default=0)
            return starts[place][1]
    return None


def _numbers(version: str) -> tuple[int, ...]:
    found = re.match(r"v?(\d+(?:\.\d+)+)", version.strip())
    return tuple(int(part) for part in found[1].split(".")) if found else ()
