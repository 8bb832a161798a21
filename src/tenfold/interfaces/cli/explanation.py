"""Numbers of a plan followed down to their terms, their figures and the sources of those."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from tenfold.interfaces.cli.figure_tables import figures_with_sources
from tenfold.quantities import DAY_S, InputError, Problem, leaves_of, value_at
from tenfold.reports.sources import Cited, links_of, title_of
from tenfold.reports.tables import grid_table, key_value_table, lines, terms_table
from tenfold.reports.wording import label, number, share

HARDWARE = ("chips/", "systems/", "fabrics/", "calibrations/", "assumptions/performance")
RUNNING = ("assumptions/reliability",)
MONEY = ("prices/", "assumptions/economics", "assumptions/planning")
PLACE = ("sites/", "systems/", "assumptions/planning.power")


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """How a number of a design is explained."""

    unit: str
    words: str
    """The relation in words."""
    terms: str = ""
    """Key of the terms that add up to it, or to what it is worked out from; empty when there are none."""
    figures: tuple[str, ...] = ()
    """Beginnings of the names of the figures under it."""
    terms_unit: str = ""
    """Unit of the terms, when it is another."""
    adds_up: bool = True
    """Whether the terms add up to the number itself, at P50."""


_STEP = "matmul, attention, traffic that is waited for, bubble and the rest add up to a step"
TOPICS: Mapping[str, Topic] = {
    "step_time_s": Topic(unit="s", words=_STEP, terms="step_terms_s", figures=HARDWARE),
    "step_terms_s": Topic(unit="s", words=_STEP, terms="step_terms_s", figures=HARDWARE),
    "tokens_per_s_per_chip": Topic(
        unit="tokens/s", words="global batch × sequence length ÷ step time ÷ chips", terms="step_terms_s",
        figures=HARDWARE, terms_unit="s", adds_up=False
    ),
    "mfu": Topic(
        unit="share", words="model FLOPs ÷ (step time × chips × dense peak)", terms="step_terms_s", figures=HARDWARE,
        terms_unit="s", adds_up=False
    ),
    "memory_bytes_per_chip": Topic(
        unit="B", words="parts of the fullest chip add up to the total", terms="memory_bytes_per_chip",
        figures=("chips/",),
    ),
    "goodput": Topic(
        unit="share", words="productive time ÷ wall time", terms="goodput_terms", figures=RUNNING, terms_unit="share",
        adds_up=False,
    ),
    "goodput_terms": Topic(
        unit="share", words="shares of wall time add up to 1", terms="goodput_terms", figures=RUNNING,
        terms_unit="share",
    ),
    "checkpoint_interval_s": Topic(unit="s", words="the interval that loses the least time", figures=RUNNING),
    "finish_days": Topic(
        unit="days", words="setup + steps × step time ÷ goodput", terms="finish_terms_days",
        figures=(*HARDWARE, *RUNNING, "assumptions/planning.setup"),
    ),
    "finish_terms_days": Topic(
        unit="days", words="setup + steps × step time ÷ goodput", terms="finish_terms_days",
        figures=(*HARDWARE, *RUNNING, "assumptions/planning.setup"),
    ),
    "cost_usd": Topic(unit="USD", words="lines of the bill add up", terms="cost_terms_usd", figures=MONEY),
    "cost_terms_usd": Topic(unit="USD", words="lines of the bill add up", terms="cost_terms_usd", figures=MONEY),
    "committed_usd": Topic(
        unit="USD", words="a bill, a whole reserved term, or a purchase", terms="cost_terms_usd", figures=MONEY,
        adds_up=False,
    ),
    "power_mw": Topic(unit="MW", words="chips × power per chip × PUE", figures=PLACE),
    "energy_mwh": Topic(unit="MWh", words="chips × power per chip × share drawn × PUE × run time", figures=PLACE),
    "water_m3": Topic(unit="m³", words="IT energy × WUE", figures=PLACE),
    "carbon_t": Topic(unit="t", words="energy × carbon of the grid", figures=PLACE),
}  # fmt: skip
DESIGNS = ("best", "alternatives", "pareto")


def topic_numbers(plan: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Numbers of the best design that can be followed, with their values."""
    best = plan["best"] or {}
    for name in TOPICS:
        if name in best and not name.endswith(("_terms_s", "_terms", "_terms_days", "_terms_usd")):
            yield name, best[name]


def overview(plan: Mapping[str, Any]) -> list[dict[str, Any]]:
    """List what can be followed: path, value, how it comes about."""
    return [
        {"number": f"best.{name}", "value": value, "words": TOPICS[name].words} for name, value in topic_numbers(plan)
    ]


def overview_tables(rows: Sequence[Mapping[str, Any]], file: str) -> Iterator[RenderableType]:
    """Table of what can be followed."""
    if not rows:
        yield Text("No design meets the goal, so there is no number to follow; see its rejected designs.")
        return
    cells = [
        (row["number"], printed(_middle(row["value"]), TOPICS[row["number"].partition(".")[2]].unit), row["words"])
        for row in rows
    ]
    yield grid_table("Numbers of the best design", ("number", "value", "how it comes about"), cells, " r ")
    yield Text("")
    yield Text(f"Follow one with: tenfold explain {file} {rows[0]['number']}", style="dim")


def _middle(value: Any) -> float:  # noqa: ANN401  (plain data)
    if isinstance(value, dict):
        value = value.get("p50", value.get("total", 0.0))
    return float(value)


def printed(value: float, unit: str) -> str:
    """Print a number of a plan in the unit of its name."""
    if unit == "share":
        return share(value)
    if unit == "days":
        return number(value * DAY_S, "s")
    return f"{value:,.4g} {unit}" if unit in ("MW", "MWh", "m³", "t") else number(value, unit)


def explained(plan: Mapping[str, Any], path: str, sources: Mapping[str, Cited]) -> dict[str, Any]:
    """Follow the number at a path. Raises ``InputError`` for a path that leads nowhere or to no number of a design."""
    if plan["best"] is None and path.split(".")[0] == "best":
        remedy = "Follow a rejected one, such as infeasible.0"
        raise InputError(Problem(file="", key="", wrong="no design meets the goal, so there is no best", remedy=remedy))
    value, _, _ = value_at(plan, path)
    steps = [step for step in path.replace("[", ".").replace("]", "").split(".") if step]
    depth = 1 if steps[0] == "best" else 2
    if steps[0] not in DESIGNS or len(steps) <= depth or steps[depth] not in TOPICS:
        return _given(path, value)
    design, _, _ = value_at(plan, ".".join(steps[:depth]))
    topic = TOPICS[steps[depth]]
    terms = _terms(design, topic, steps[depth + 1 :] if steps[depth] == topic.terms else [])
    return {
        "number": path,
        "value": value,
        "unit": topic.unit,
        "words": topic.words,
        "terms": terms,
        "terms_unit": topic.terms_unit or topic.unit,
        "adds_up": topic.adds_up and steps[-1] not in ("p10", "p90"),
        "figures": [_figure(named, sources) for named in design["figures"] if named["name"].startswith(topic.figures)],
        "note": "" if design["figures"] else "Figures are kept for the best design; follow best to see them.",
    }


def _terms(design: Mapping[str, Any], topic: Topic, below: list[str]) -> dict[str, float]:
    if not topic.terms:
        return {}
    terms = {name: value for name, value in design[topic.terms].items() if name not in ("total", "capacity")}
    return {name: terms[name] for name in below if name in terms} or terms


def _given(path: str, value: object) -> dict[str, Any]:
    """Say where a number that is no result of a design is from."""
    words = {
        "goal": "given in the goal file",
        "means": "given in the goal file",
        "assumptions": "an assumption or estimate that the answer rests on",
        "infeasible": "a rejected design: what was short and the nearest change that would fit",
    }
    head = path.replace("[", ".").partition(".")[0]
    if head in DESIGNS and isinstance(value, (dict, list)):
        known = ", ".join(f"{path}.{name}" for name in list(TOPICS)[:4])
        raise InputError(Problem(file="", key="", wrong=f"'{path}' is no number", remedy=f"Name one, such as {known}"))
    return {"number": path, "value": value, "unit": "", "words": words.get(head, "recorded in the plan"), "terms": {},
            "terms_unit": "", "adds_up": False, "figures": [], "note": ""}  # fmt: skip


def _figure(named: Mapping[str, Any], sources: Mapping[str, Cited]) -> dict[str, Any]:
    figure = named["figure"]
    return {
        "figure": named["name"],
        **figure,
        "source_title": title_of(figure["source"], sources),
        "links": list(links_of(figure["source"], sources)),
        "checked_title": title_of(figure["checked"], sources) if figure["checked"] else "not checked",
    }


def explanation_tables(answer: Mapping[str, Any]) -> Iterator[RenderableType]:
    """The equation with its numbers, the terms with their shares, the figures with their sources."""
    yield Text(equation(answer), style="bold")
    if answer["words"]:
        yield Text(answer["words"], style="dim")
    if not answer["unit"] and isinstance(answer["value"], (dict, list)):
        yield Text("")
        yield key_value_table("Holds", [(place, str(leaf)) for place, leaf in leaves_of(answer["value"])])
    if answer["terms"]:
        yield Text("")
        scale, unit = (DAY_S, "s") if answer["terms_unit"] == "days" else (1.0, answer["terms_unit"])
        largest_first = sorted(answer["terms"].items(), key=lambda term: -abs(term[1]))
        yield terms_table("Terms at P50", {name: scale * value for name, value in largest_first}, unit)
    if answer["figures"]:
        yield Text("")
        yield from figures_with_sources("Figures under it", answer["figures"])
    if answer["note"]:
        yield Text("")
        yield lines("Note", [answer["note"]])


def equation(answer: Mapping[str, Any]) -> str:
    """Write a number as the sum of its largest terms: "step_time_s 4.9 s = matmul 2.9 s + bubble 0.3 s + …"."""
    terms = sorted(answer["terms"].items(), key=lambda term: -abs(term[1]))
    parts = [f"{label(key)} {printed(term, answer['terms_unit'])}" for key, term in terms if term]
    rest = " + …" if len(parts) > LARGEST else ""
    if not parts:
        return _said(answer)
    sign = " = " if answer["adds_up"] else "; at P50: "
    return f"{_said(answer)}{sign}{' + '.join(parts[:LARGEST])}{rest}"


def _said(answer: Mapping[str, Any]) -> str:
    """Name a number, with its value where it is one."""
    path, value, unit = str(answer["number"]), answer["value"], answer["unit"]
    name: str = path.removeprefix("best.") if unit else path
    if isinstance(value, dict) and not {"p50", "total"} & value.keys():
        return name
    if isinstance(value, list):
        return name
    return f"{name} {printed(_middle(value), unit)}" if unit and not isinstance(value, str) else f"{name} {value}"


LARGEST = 6
