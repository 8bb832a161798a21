"""A fleet of a serving plan with everything that starts its replicas, read strictly from the plan's plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tenfold.catalog import Engine
from tenfold.planning.plan.serve import SPECULATIONS
from tenfold.quantities import InputError, Problem
from tenfold.reports.exports.launch import one_line
from tenfold.reports.exports.plan_values import PlanValues


@dataclass(frozen=True, slots=True, kw_only=True)
class Replicas:
    """Replicas that are started alike."""

    role: str
    """``serve``, or of a service whose prompts run apart ``prefill`` and ``decode``."""
    tp: int
    pp: int
    dp: int
    ep: int
    chips: int
    """Of one replica."""
    count: int
    max_sequences: int
    """Of one replica."""
    token_budget: int


Files = Mapping[str, str]
"""Texts by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """One fleet, in whole numbers."""

    name: str
    """Of the service, which no other of the plan has."""
    beside: tuple[str, ...]
    """Names of the other services of the plan, whose files stand in folders of their own."""
    model: str
    precision: str
    kv_precision: str
    chip: str
    vendor: str
    chips_per_node: int
    supply: str
    engine: Engine
    prefix_share: float
    waits: tuple[str, ...]
    """Where caches of conversations wait beside the chips' own memory."""
    drafts: bool
    """Whether layers of the model itself draft tokens."""
    parts: tuple[Replicas, ...]
    provenance: tuple[str, ...]
    promises: tuple[str, ...]

    @property
    def apart(self) -> bool:
        """Whether prompts run on replicas of their own."""
        return len(self.parts) > 1


def served_of(
    plan: Mapping[str, Any],
    file: str,
    engine: Engine,
    vendor: str,
    chips_per_node: int,
    *,
    names: Sequence[str],
    predicts: bool = False,
) -> Served:
    """Make the fleet of a plan's best design; ``names`` are its own and those of the services beside it.

    ``predicts`` tells whether its model has layers that draft tokens.

    Raises ``InputError`` for values that no plan of Tenfold has, and for drafts of a small model, which no plan names.
    """
    top, best, goal, service = (
        PlanValues(file=file, tree=plan, at=at) for at in ("", "best", "question.goal", "question.goal.service")
    )
    apart = best.flag("disaggregated")
    parts = [_replicas(PlanValues(file=file, tree=plan, at="best.layout"), "decode" if apart else "serve")]
    if apart:
        parts.insert(0, _replicas(PlanValues(file=file, tree=plan, at="best.prefill_layout"), "prefill"))
    stated = service.value("prefix_share")
    return Served(
        name=names[0],
        beside=tuple(names[1:]),
        model=service.text("model"),
        precision=best.text("precision"),
        kv_precision=best.text("kv_precision"),
        chip=best.text("chip"),
        vendor=vendor,
        chips_per_node=chips_per_node,
        supply=best.text("supply"),
        engine=engine,
        waits=_waits(best),
        drafts=_drafts(service, predicts=predicts),
        prefix_share=0.0 if stated is None else service.number("prefix_share"),
        parts=tuple(parts),
        provenance=_provenance(top, best, service, engine),
        promises=_promises(best, goal),
    )


def _provenance(top: PlanValues, best: PlanValues, service: PlanValues, engine: Engine) -> tuple[str, ...]:
    """Goal, design and what made them, a line each."""
    return (
        f"Goal: {service.text('model')} in {best.text('precision')}, "
        f"{top.number('peak_requests_per_s'):.4g} requests/s at the peak",
        f"Design: {best.whole('chips'):,} x {best.text('chip')}, {best.whole('replicas'):,} replicas "
        f"({best.whole('spare_replicas', least=0):,} spare), {engine.name}",
        f"Tenfold {top.text('made.tenfold')}, catalog {top.text('made.catalog')}, seed {top.number('made.seed'):.0f}",
    )


def _waits(best: PlanValues) -> tuple[str, ...]:
    held = best.value("caches_held")
    return tuple(sorted(name for name in held if name != "chip")) if isinstance(held, Mapping) else ()


def _drafts(service: PlanValues, *, predicts: bool) -> bool:
    drafts = service.value("speculation") not in (None, SPECULATIONS[0])
    if drafts and not predicts:
        wrong, remedy = "drafts come from a small model, which the plan does not name", "Plan with speculation = 'none'"
        raise InputError(Problem(file=service.file, key=f"{service.at}.speculation", wrong=wrong, remedy=remedy))
    return drafts


def _replicas(layout: PlanValues, role: str) -> Replicas:
    found = Replicas(
        role=role,
        count=layout.whole("replicas"),
        **{key: layout.whole(key) for key in ("tp", "pp", "dp", "ep", "chips", "max_sequences", "token_budget")},
    )
    layout.require(found.tp * found.pp * found.dp == found.chips, "does not multiply to the replica's chips")
    return found


def _promises(best: PlanValues, goal: PlanValues) -> tuple[str, ...]:
    ttft, tpot = (best.spread(name) for name in ("ttft_s", "tpot_s"))
    days = goal.number("period_s") / 86_400.0
    return (
        f"expected TTFT {ttft[1]:.3g} s (P10-P90 {ttft[0]:.3g} to {ttft[2]:.3g} s), "
        f"TPOT {tpot[1]:.3g} s ({tpot[0]:.3g} to {tpot[2]:.3g} s) at the peak",
        f"site {best.text('site')}, supply {best.text('supply')}, cost over {days:.0f} days",
    )


def heading(served: Served, tool: str, unexpressed: Sequence[str], mark: str = "#") -> str:
    """The head of every file: which plan it is from, and what the tool cannot hold."""
    lines = (f"Written by Tenfold for {tool}.", *served.provenance, "Not expressed here:")
    beside = [f"{name}, which the plan serves too: its files are in a folder of its own" for name in served.beside]
    listed = (f"- {line}" for line in (*unexpressed, *beside, *served.promises))
    return "\n".join(f"{mark} {one_line(line)}".rstrip() for line in (*lines, *listed)) + "\n"
