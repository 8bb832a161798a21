"""Any number of an answer, followed down to its terms, its figures and the sources of those.

The file of a question in this room has ``TOPICS``: how the numbers of its answer come about, by their path in the JSON.
A ``*`` in a path stands for any key or place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeGuard

from tenfold.quantities import InputError, Problem, leaves_of, steps_of, value_at
from tenfold.reports.sources import Cited, links_of, title_of
from tenfold.reports.wording import label, number, share

LARGEST = 6
"""Terms named in an equation; the rest are in the table."""


ASK_AGAIN = "Ask again with --json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """How a number comes about."""

    unit: str
    """A unit of figures, ``share`` or ``days``; empty for a bare number."""
    words: str
    """The relation in words."""
    terms: str = ""
    """Path of the terms that add up to it, or that it is worked out from; empty where there are none."""
    terms_unit: str = ""
    """Unit of the terms, where it is another."""
    left_out: tuple[str, ...] = ()
    """Keys beside the terms that are no terms, such as a total."""
    adds_up: bool = True
    """Whether the terms add up to the number at P50."""
    figures: tuple[str, ...] = ("",)
    """Beginnings of the names of the figures under it; every figure of the answer by default."""


Topics = Mapping[str, Topic]


def topic_at(topics: Topics, path: str) -> tuple[Topic | None, tuple[str, ...]]:
    """Give the topic that a path is about, and the steps that its stars stand for; the longest pattern counts."""
    steps = steps_of(path)
    for pattern in sorted(topics, key=lambda each: -len(steps_of(each))):
        wanted = steps_of(pattern)
        pairs = list(zip(wanted, steps, strict=False))
        if len(steps) >= len(wanted) and all(want in ("*", step) for want, step in pairs):
            return topics[pattern], tuple(step for want, step in pairs if want == "*")
    return None, ()


def overview(data: Mapping[str, Any], topics: Topics) -> list[dict[str, Any]]:
    """List what can be followed: path, value, how it comes about. Paths with stars are left to the reader."""
    rows = []
    for pattern, topic in topics.items():
        if "*" in pattern or _missing(data, pattern):
            continue
        rows.append({"number": pattern, "value": value_at(data, pattern)[0], "unit": topic.unit, "words": topic.words})
    return rows


def _missing(data: Mapping[str, Any], path: str) -> bool:
    try:
        return value_at(data, path)[0] is None
    except InputError:
        return True


def explained(data: Mapping[str, Any], path: str, topics: Topics, sources: Mapping[str, Cited]) -> dict[str, Any]:
    """Follow the number at a path. Raises ``InputError`` for a path that leads nowhere."""
    _require_part(data, path)
    value, _, _ = value_at(data, path)
    topic, stars = topic_at(topics, path)
    if topic is None:
        words = "as it was asked" if steps_of(path)[:1] == ["question"] else "recorded in the answer"
        topic = Topic(unit="", words=words, figures=())
    return {
        "number": path,
        "value": value,
        "unit": topic.unit,
        "words": topic.words,
        "terms": _terms(data, topic, stars, path),
        "terms_unit": topic.terms_unit or topic.unit,
        "adds_up": bool(topic.terms) and topic.adds_up and steps_of(path)[-1] not in ("p10", "p90"),
        "figures": [
            _figure(named, sources)
            for named in (*data["figures"], *data.get("stated", ()))
            if named["name"].startswith(topic.figures)
        ],
    }


def _require_part(data: Mapping[str, Any], path: str) -> None:
    """Raise ``InputError`` with the verdict where a path leads into a part that the answer says there is none of."""
    part, *below = steps_of(path) or [""]
    if below and data.get(part, "") is None:
        wrong, remedy = f"there is no '{part}' in this answer", f"It says: {data['verdict']}"
        raise InputError(Problem(file="", key="", wrong=wrong, remedy=remedy))


def _terms(data: Mapping[str, Any], topic: Topic, stars: Sequence[str], path: str) -> dict[str, float]:
    """Terms of a topic; the one that is asked for where the path is its own."""
    if not topic.terms:
        return {}
    kept = iter(stars)
    place = ".".join(next(kept) if step == "*" else step for step in steps_of(topic.terms))
    found, _, _ = value_at(data, place)
    terms = {name: value for name, value in found.items() if name not in topic.left_out} if _is_table(found) else None
    if terms is None or not all(_is_number(value) for value in terms.values()):
        raise InputError(Problem(file="", key=place, wrong="holds no terms: the answer is damaged", remedy=ASK_AGAIN))
    own = ".".join(steps_of(path)).removeprefix(f"{place}.")
    return {own: terms[own]} if own in terms else terms


def _is_table(value: object) -> TypeGuard[Mapping[str, Any]]:
    return isinstance(value, Mapping)


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def require_figures(data: Mapping[str, Any], file: str) -> None:
    """Raise ``InputError`` where the figures of an answer are not what an answer's are."""
    for key in ("figures", "stated"):
        rows = data.get(key) or ()
        for place, named in enumerate(rows if isinstance(rows, list) else (rows,) if rows else ()):
            if not _is_figure(named):
                raise InputError(Problem(file=file, key=f"{key}.{place}", wrong="is no figure", remedy=ASK_AGAIN))


def _is_figure(named: object) -> bool:
    """Whether this is a figure with its name, as answers hold them."""
    figure = named.get("figure") if _is_table(named) and isinstance(named.get("name"), str) else None
    if not _is_table(figure) or not _is_number(figure.get("value")):
        return False
    texts = (figure.get("unit"), figure.get("kind"), figure.get("source"), figure.get("checked") or "")
    return all(isinstance(text, str) for text in texts)


def _figure(named: Mapping[str, Any], sources: Mapping[str, Cited]) -> dict[str, Any]:
    figure = named["figure"]
    return {
        "figure": named["name"],
        **figure,
        "source_title": title_of(figure["source"], sources),
        "links": list(links_of(figure["source"], sources)),
        "checked_title": title_of(figure["checked"], sources) if figure.get("checked") else "not checked",
    }


def equation(answer: Mapping[str, Any]) -> str:
    """Write a number as the sum of its largest terms: "step_time_s 4.9 s = matmul 2.9 s + bubble 0.3 s + …"."""
    terms = sorted(answer["terms"].items(), key=lambda term: -abs(term[1]))
    parts = [f"{label(key)} {printed(term, answer['terms_unit'])}" for key, term in terms if term]
    if not parts:
        return _said(answer)
    sign = " = " if answer["adds_up"] else "; at P50: "
    return f"{_said(answer)}{sign}{' + '.join(parts[:LARGEST])}{' + …' if len(parts) > LARGEST else ''}"


def _said(answer: Mapping[str, Any]) -> str:
    """Name a number, with its value where it is one."""
    value = middle(answer["value"])
    return str(answer["number"]) if value is None else f"{answer['number']} {printed(value, answer['unit'])}"


def middle(value: object) -> float | str | None:
    """P50 of a spread, the total of terms, a number or text itself; None for what is no single value."""
    if isinstance(value, Mapping):
        value = value.get("p50", value.get("total"))
    return value if isinstance(value, (int, float, str)) else None


def printed(value: float | str, unit: str) -> str:
    """Print a number of an answer in the unit of its name."""
    if isinstance(value, str) or not unit:
        return str(value)
    if unit == "share":
        return share(value)
    if unit == "days":
        return number(value * 86_400.0, "s")
    return f"{value:,.4g} {unit}" if unit in ("MW", "MWh", "m³", "t") else number(value, unit)


def leaves(value: object) -> Iterator[tuple[str, str]]:
    """Every single value below a place, printed."""
    return ((place, str(leaf)) for place, leaf in leaves_of(value))
