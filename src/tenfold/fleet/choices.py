"""Which domain a gang of whole nodes stands in: rivals with one signature, by name in ``DOMAIN_CHOICES``.

    choose(wholes, level, chips) → (level, domain), or None

``wholes`` is the chips of wholly free nodes of each domain, by level from wide to narrow; the gang stays within one
domain of ``level``.

best-fit     the domain with the least that is enough; the lowest of several
first-fit    the lowest domain with enough
spread       the domain with the most
random       any with enough, by a generator of fixed seed
consolidate  the narrowest domain with enough, and of these as best-fit: as few domains are crossed as can be
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

Wholes = Sequence[Sequence[int]]
DomainChoice = Callable[[Wholes, int, int], tuple[int, int] | None]


def least(wholes: Wholes, level: int, chips: int) -> tuple[int, int] | None:
    """Least that is enough."""
    fitting = [(whole, domain) for domain, whole in enumerate(wholes[level]) if whole >= chips]
    return (level, min(fitting)[1]) if fitting else None


def lowest(wholes: Wholes, level: int, chips: int) -> tuple[int, int] | None:
    """First that is enough."""
    return next(((level, domain) for domain, whole in enumerate(wholes[level]) if whole >= chips), None)


def most(wholes: Wholes, level: int, chips: int) -> tuple[int, int] | None:
    """The most; the lowest of several."""
    domain = max(range(len(wholes[level])), key=wholes[level].__getitem__)
    return (level, domain) if wholes[level][domain] >= chips else None


def any_of_them(wholes: Wholes, level: int, chips: int) -> tuple[int, int] | None:
    """Any with enough; drawn anew from what is free, so that a replay gives the same each time."""
    fitting = [domain for domain, whole in enumerate(wholes[level]) if whole >= chips]
    if not fitting:
        return None
    return level, random.Random(sum(wholes[level]) * len(fitting)).choice(fitting)  # noqa: S311  (no secret)


def narrowest(wholes: Wholes, level: int, chips: int) -> tuple[int, int] | None:
    """Least that is enough, of the narrowest level that has any."""
    for narrow in range(len(wholes) - 1, level - 1, -1):
        found = least(wholes, narrow, chips)
        if found is not None:
            return found
    return None


DOMAIN_CHOICES: Mapping[str, DomainChoice] = MappingProxyType(
    {"best-fit": least, "first-fit": lowest, "spread": most, "random": any_of_them, "consolidate": narrowest}
)
"""Choices of a domain, by name of the placement."""
