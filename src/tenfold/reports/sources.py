"""Where figures come from: rows to print, and links that are safe to put into a page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from tenfold.quantities import NamedFigure
from tenfold.reports import wording

if TYPE_CHECKING:
    pass

_ADDRESS = re.compile(r"https?://[^\s,;<>\"')\]]+")


class Cited(Protocol):
    """A source as the catalog records it."""

    @property
    def title(self) -> str:
        """What the source is."""
        ...

    @property
    def url(self) -> str:
        """Where it is; empty when it has no address."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """One source with the figures that rest on it."""

    key: str
    """The source key of the figures, or their free text."""
    title: str
    links: tuple[str, ...]
    figures: tuple[NamedFigure, ...]

    @property
    def kinds(self) -> str:
        """Kinds of its figures, each once."""
        return ", ".join(sorted({named.figure.kind for named in self.figures}))

    @property
    def as_of(self) -> str:
        """Date of its newest figure."""
        return max(named.figure.as_of for named in self.figures).isoformat()


def safe_link(url: str) -> str:
    """Give back a web address; anything else (``javascript:``, ``data:``, relative, with control characters) is ""."""
    if any(ord(letter) <= 32 for letter in url):
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in {"http", "https"} and parts.netloc else ""


def unique_figures(figures: Iterable[NamedFigure]) -> tuple[NamedFigure, ...]:
    """Each figure once, sorted by name."""
    unique: dict[tuple[str, str, float], NamedFigure] = {}
    for named in figures:
        unique.setdefault((named.name, named.figure.source, named.figure.value), named)
    return tuple(unique[key] for key in sorted(unique))


def citations(figures: Iterable[NamedFigure], sources: Mapping[str, Cited]) -> tuple[Citation, ...]:
    """Group figures by source, sorted by title. A source that ``sources`` does not know is its own title."""
    groups: dict[str, list[NamedFigure]] = {}
    for named in figures:
        groups.setdefault(named.figure.source, []).append(named)
    cited = [
        Citation(key=key, title=title_of(key, sources), links=links_of(key, sources), figures=tuple(members))
        for key, members in groups.items()
    ]
    return tuple(sorted(cited, key=lambda citation: (citation.title.lower(), citation.key)))


def links_of(key: str, sources: Mapping[str, Cited]) -> tuple[str, ...]:
    """Addresses of a source: the recorded one, or those inside its free text."""
    known = sources.get(key)
    found = [known.url] if known is not None else [text.rstrip(".") for text in _ADDRESS.findall(key)]
    return tuple(link for link in map(safe_link, found) if link)


def title_of(key: str, sources: Mapping[str, Cited]) -> str:
    """Title of a source; free text is its own title, without an address at its end."""
    known = sources.get(key)
    if known is not None:
        return known.title
    return re.sub(rf"[\s,;]*{_ADDRESS.pattern}[.\s]*$", "", key) or key


def figure_rows(figures: Sequence[NamedFigure], sources: Mapping[str, Cited]) -> list[dict[str, object]]:
    """Rows of the table of sources: one for each figure, with links that are safe to follow."""
    return [
        {
            "name": named.name,
            "value": wording.figure_value(named),
            "range": wording.figure_range(named),
            "kind": named.figure.kind,
            "title": title_of(named.figure.source, sources),
            "links": links_of(named.figure.source, sources),
            "as_of": named.figure.as_of.isoformat(),
            "checked": title_of(named.figure.checked, sources) if named.figure.checked else "not checked",
            "conflicts": [_conflict(named, index, sources) for index in range(len(named.figure.conflicts))],
            "note": named.figure.note,
        }
        for named in figures
    ]


def _conflict(named: NamedFigure, index: int, sources: Mapping[str, Cited]) -> str:
    conflict = named.figure.conflicts[index]
    return f"{wording.number(conflict.value, named.figure.unit)} ({title_of(conflict.source, sources)})"
