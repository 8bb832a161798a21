"""The tree that nodes stand in: levels with free names from wide to narrow, domains of uneven sizes, kinds of chips."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

ANYWHERE = 0
"""Level whose one domain is the whole fleet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Domains:
    """Nodes in order, so that those of a domain stand together."""

    sizes: tuple[int, ...]
    """Chips of each node."""
    levels: tuple[str, ...] = ()
    """From wide to narrow; the fleet as a whole, which is above them, is not named."""
    paths: tuple[tuple[str, ...], ...] = ()
    """Names of the domains that each node is in, one a level."""
    kinds: tuple[str, ...] = ()
    """Kind of chip of each node; none where nothing is said."""
    notes: tuple[str, ...] = ()
    """What to know of where they are from."""
    domain_of: tuple[tuple[int, ...], ...] = field(init=False)
    """Domain of each node, by level from ``ANYWHERE``."""
    spans: tuple[tuple[tuple[int, int], ...], ...] = field(init=False)
    """First node of each domain, and the one after its last, by level."""

    def __post_init__(self) -> None:
        """Number the domains."""
        numbered = tuple(_numbered(self.paths, level, len(self.sizes)) for level in range(len(self.levels) + 1))
        object.__setattr__(self, "domain_of", numbered)
        object.__setattr__(self, "spans", tuple(_spans(each) for each in numbered))

    def crossed(self, nodes: Sequence[int]) -> str:
        """Widest level of which a gang is in more than one domain; nothing where it is in one of each."""
        for name, of in zip(self.levels, self.domain_of[1:], strict=True):
            if any(of[node] != of[nodes[0]] for node in nodes):
                return name
        return ""

    def most(self, level: str, kinds: str = "") -> int:
        """Chips of the largest domain of a level, of one kind of those with ``|`` between them; of any where empty."""
        of = self.domain_of[self.levels.index(level) + 1 if level else ANYWHERE]
        wanted = [kind for kind in kinds.split("|") if kind]
        there: dict[tuple[int, str], int] = {}
        for node, size in enumerate(self.sizes):
            kind = self.kind_of(node)
            if not wanted or kind in wanted:
                there[of[node], kind] = there.get((of[node], kind), 0) + size
        return max(there.values(), default=0)

    def kind_of(self, node: int) -> str:
        """Kind of chip of a node; nothing where it is not said."""
        return self.kinds[node] if self.kinds else ""


def gathered(
    levels: Sequence[str], rows: Sequence[tuple[tuple[str, ...], str, int, int]], notes: tuple[str, ...] = ()
) -> Domains:
    """Domains of rows of (path, kind of chip, nodes, chips of each node), put in order of first appearance."""
    places: Mapping[tuple[str, ...], tuple[int, ...]] = _places([path for path, _, _, _ in rows])
    ordered = sorted(rows, key=lambda row: places[row[0]])
    nodes = [(path, kind, chips) for path, kind, count, chips in ordered for _ in range(count)]
    kinds = tuple(kind for _, kind, _ in nodes)
    return Domains(
        sizes=tuple(chips for _, _, chips in nodes),
        levels=tuple(levels),
        paths=tuple(path for path, _, _ in nodes),
        kinds=kinds if any(kinds) else (),
        notes=notes,
    )


def _places(paths: Sequence[tuple[str, ...]]) -> dict[tuple[str, ...], tuple[int, ...]]:
    """Of each path, by level, when a domain with so much of it appeared first."""
    seen: dict[tuple[str, ...], int] = {}
    for path in paths:
        for level in range(len(path)):
            seen.setdefault(path[: level + 1], len(seen))
    return {path: tuple(seen[path[: level + 1]] for level in range(len(path))) for path in paths}


def _numbered(paths: Sequence[tuple[str, ...]], level: int, nodes: int) -> tuple[int, ...]:
    if level == ANYWHERE:
        return (0,) * nodes
    seen: dict[tuple[str, ...], int] = {}
    return tuple(seen.setdefault(path[:level], len(seen)) for path in paths)


def _spans(domain_of: Sequence[int]) -> tuple[tuple[int, int], ...]:
    firsts = [node for node, domain in enumerate(domain_of) if not node or domain != domain_of[node - 1]]
    return tuple(zip(firsts, [*firsts[1:], len(domain_of)], strict=True))
