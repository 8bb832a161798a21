"""Every layout and batch of a service on any chip: the best of each within limits, the front of speed and yield."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tenfold.catalog import Catalog, Chip
from tenfold.performance.serving import (
    FoundServices,
    Setting,
    attends_narrow,
    factor_figures,
    front_of,
    layouts_of,
    replicas_of,
    search_services,
    serving_factors,
    serving_figures,
    serving_spread,
    setting_of,
)
from tenfold.planning.drafts import SPECULATIONS, accepted_spread, drafted, spread_figure
from tenfold.planning.engines import engines_for
from tenfold.planning.search_serving.answer import FoundService, SearchServingAnswer
from tenfold.planning.search_serving.question import SearchServingQuestion
from tenfold.quantities import (
    CatalogError,
    Figure,
    Flags,
    NamedFigure,
    Percentiles,
    Progress,
    assumptions_of,
    format_quantity,
)
from tenfold.workloads import find_model
from tenfold.workloads.serving import SERVED_FORMATS, Traffic

FRONT_LISTED = 40
LIMITS = (
    ("slo_tpot_s", "tpot_s", "latency floor"),
    ("slo_ttft_s", "ttft_s", "prefill"),
    ("slo_e2e_s", "e2e_s", "latency"),
)
"""Limits that may be asked, what each bounds, and what binds where none is within it."""


@dataclass(frozen=True, slots=True)
class _Space:
    """Settings to search, with the chip and engine of each."""

    settings: list[Setting]
    chips: list[Chip]
    engines: list[str]
    refused: dict[str, str]


def answer(
    question: SearchServingQuestion, catalog: Catalog, *, seed: int = 0, progress: Progress | None = None
) -> SearchServingAnswer:
    """Search. Nothing within the limits is an answer with an empty ``best``; chips that lack a figure are named."""
    del progress  # answered in a second
    factors = serving_factors(catalog)
    space = _space(question, catalog, factors)
    traffic = Traffic(
        prompt_tokens=float(question.isl), output_tokens=float(question.osl), prefix_share=question.prefix_share
    )
    if not space.settings:
        return _nothing(question, catalog, seed, space)
    drafts = drafted(replicas_of(space.settings, factors), question.speculation, question.accepted)
    found = search_services(space.settings, factors, traffic, drafts)
    within, drafts_spread = _within(question, found), accepted_spread(catalog, question.speculation, question.accepted)
    best = _best_of_chips(found, within, space)[: question.top]
    front = found.rows(front_of(1.0 / found.tpot_s, found.tokens_per_s_per_chip))
    limit, short, nearest = ("", "", "") if len(best) else _why_none(question, found)
    figures = _figures(question, catalog, space, [int(found.setting[row]) for row in best])
    return SearchServingAnswer(
        question=question,
        made=catalog.made(seed),
        model=question.model,
        configurations=found.considered,
        timed=len(found),
        rejected=found.rejected,
        refused=space.refused,
        best=tuple(_service(found, row, space, factors, drafts_spread) for row in best),
        pareto=tuple(
            _service(front, row, space, factors, drafts_spread) for row in range(min(len(front), FRONT_LISTED))
        ),
        limit=limit,
        short=short,
        nearest=nearest,
        notes=_notes(question, space),
        assumptions=assumptions_of(figures),
        figures=figures,
    )


def _space(question: SearchServingQuestion, catalog: Catalog, factors: Mapping[str, float]) -> _Space:
    """Every layout of every chip that has the figures, with every engine that may serve on it."""
    model = find_model(catalog, question.model)
    experts = float(model.shape.moe_layers) > 0
    space = _Space([], [], [], {})
    for key in question.chips or tuple(catalog.chips):
        chip = catalog.chip(key)
        engines = engines_for(catalog, chip, question.engine, question.precision, factors)
        layouts = layouts_of(min(_domain(catalog, chip), question.replica_chips), experts)
        try:
            for engine, layout in itertools.product(engines, layouts):
                found = setting_of(
                    catalog, chip, model.shape, engine, layout, model=model.key,
                    precision=question.precision, cache_format=question.kv_precision or "",
                )  # fmt: skip
                space.settings.append(found)
                space.chips.append(chip)
                space.engines.append(engine.key)
        except CatalogError as error:
            space.refused[chip.key] = error.problems[0].wrong
    return space


def _domain(catalog: Catalog, chip: Chip) -> int:
    try:
        system = catalog.system_of(chip)
    except CatalogError:
        return 1
    return system.scaleup_domain_chips if system.scaleup_fabric else 1


def _within(question: SearchServingQuestion, found: FoundServices) -> Flags:
    kept = np.ones(len(found), dtype=np.bool_)
    for asked, quantity, _ in LIMITS:
        most = getattr(question, asked)
        if most is not None:
            kept &= getattr(found, quantity) <= most
    return kept


def _best_of_chips(found: FoundServices, within: Flags, space: _Space) -> list[int]:
    """The configuration that gives most per chip of each chip, within the limits; the most first."""
    rows = np.flatnonzero(within)
    order = rows[np.argsort(-found.tokens_per_s_per_chip[rows], kind="stable")]
    seen: dict[str, int] = {}
    for row in order:
        seen.setdefault(space.chips[found.setting[row]].key, int(row))
    return list(seen.values())


def _service(
    found: FoundServices, row: int, space: _Space, factors: dict[str, float], drafts_spread: float
) -> FoundService:
    setting = space.settings[found.setting[row]]
    layout = setting.layout

    def around(value: float, quantity: str) -> Percentiles:
        of_drafts = 0.0 if quantity == "ttft" else drafts_spread
        known = serving_spread(factors, setting.labels, quantity).log_spread
        return Percentiles.around(value, math.hypot(known, of_drafts))

    return FoundService(
        chip=space.chips[found.setting[row]].key,
        engine=space.engines[found.setting[row]],
        tp=round(float(layout.tensor)),
        dp=round(float(layout.ranks)),
        ep=round(float(layout.expert)),
        chips=round(float(layout.chips)),
        clients=round(float(found.clients[row])),
        ttft_s=around(float(found.ttft_s[row]), "ttft"),
        tpot_s=around(float(found.tpot_s[row]), "tpot"),
        e2e_s=around(float(found.e2e_s[row]), "e2e"),
        tokens_per_s_per_chip=around(float(found.tokens_per_s_per_chip[row]), "throughput"),
        tokens_per_s_per_user=1.0 / float(found.tpot_s[row]),
        kv_tokens=round(float(found.cache_tokens[row])),
    )


def _why_none(question: SearchServingQuestion, found: FoundServices) -> tuple[str, str, str]:
    """What binds, how short it is, and the nearest limit that something is within."""
    if not len(found):
        limit = max(found.rejected, key=lambda name: found.rejected[name], default="weights")
        words = {"weights": "the weights fit no layout searched", "cache": "no layout has room for one request"}
        return limit, words[limit], "chips with more memory, a narrower --precision, or a larger --replica-chips"
    for asked, quantity, limit in LIMITS:
        most = getattr(question, asked)
        least = float(getattr(found, quantity).min())
        if most is not None and least > most:
            option = f"--{asked.removesuffix('_s').replace('_', '-')}"
            short = f"the least {quantity.removesuffix('_s').upper()} is {format_quantity(least, 's')}"
            return (
                limit,
                f"{short}, {format_quantity(most, 's')} asked",
                f"{option} '{format_quantity(1.01 * least, 's')}'",
            )
    rest = found.rows(found.tpot_s <= (question.slo_tpot_s or np.inf))
    least = float(rest.ttft_s.min()) if question.slo_ttft_s else float(rest.e2e_s.min())
    option = "--slo-ttft" if question.slo_ttft_s else "--slo-e2e"
    short = "each limit can be met, but not all at once"
    return "latency", short, f"{option} '{format_quantity(1.01 * least, 's')}'"


def _nothing(question: SearchServingQuestion, catalog: Catalog, seed: int, space: _Space) -> SearchServingAnswer:
    return SearchServingAnswer(
        question=question,
        made=catalog.made(seed),
        model=question.model,
        configurations=0,
        timed=0,
        rejected={},
        refused=space.refused,
        best=(),
        pareto=(),
        limit="figure",
        short="every chip asked lacks a figure",
        nearest="add the figures that are named, or search other chips",
        notes=_notes(question, space),
        assumptions=(),
        figures=(),
    )


def _figures(
    question: SearchServingQuestion, catalog: Catalog, space: _Space, settings: Sequence[int]
) -> tuple[NamedFigure, ...]:
    """Figures under the best configurations."""
    form = SERVED_FORMATS[question.precision]
    named: dict[str, Figure] = {}
    for place in settings:
        chip = space.chips[place]
        system = catalog.system_of(chip) if _domain(catalog, chip) > 1 or chip.system else None
        engine = catalog.engines[space.engines[place]]
        narrow = attends_narrow(engine, chip, question.precision, question.kv_precision or "")
        named |= dict(serving_figures(catalog, chip, system, form, narrow_attention=narrow))
        named |= dict(factor_figures(catalog, space.settings[place].labels).values())
    found = tuple(NamedFigure(name=name, figure=figure) for name, figure in named.items())
    assumed = question.speculation != SPECULATIONS[0] and question.accepted is None
    return (*found, spread_figure(catalog)) if assumed else found


def _notes(question: SearchServingQuestion, space: _Space) -> tuple[str, ...]:
    notes = ["Latencies are means of a loop of clients in closed form; tenfold estimate serving simulates its requests"]
    if space.refused:
        notes.append(f"Refused for a figure that nobody recorded: {', '.join(sorted(space.refused))}")
    if question.engine is None:
        notes.append("--engine was left out: each chip with the best of those that were measured on its family")
    return tuple(notes)
