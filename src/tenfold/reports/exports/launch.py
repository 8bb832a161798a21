"""A design of a plan with everything a launcher needs to know of it.

Made once from the plan's plain data, the model and the catalog's chip and system; every writer reads only this.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tenfold.catalog import Chip, ModelRecord, Software, System, TransformerShape
from tenfold.performance.layout import AXES, ParallelLayout
from tenfold.quantities import InputError, Problem, format_quantity
from tenfold.reports.exports.plan_values import PlanValues
from tenfold.workloads import ADAPTERS

ROUNDING = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """One design, in whole numbers."""

    model: str
    family: str
    shape: TransformerShape
    precision: str
    sequence_length: int
    global_batch: int
    layout: ParallelLayout
    steps: int
    """Optimizer steps that consume the goal's tokens."""
    save_every: int
    """Steps between checkpoints."""
    chip: str
    vendor: str
    chip_kind: str
    chips: int
    chips_per_node: int
    domain_chips: int
    """Chips of one scale-up domain."""
    software_labels: tuple[str, ...]
    supply: str
    provenance: tuple[str, ...]
    """Lines that say which plan this is."""
    promises: tuple[str, ...]
    """What the plan says and no launcher holds."""

    @property
    def nodes(self) -> int:
        """Nodes that hold the chips."""
        return -(-self.chips // self.chips_per_node)

    @property
    def micro_batches(self) -> int:
        """Micro-batches of a replica per step."""
        return self.global_batch // (self.layout.dp * self.layout.micro_batch)

    @property
    def layers(self) -> int:
        """Residual layers."""
        return int(self.shape.layers)

    @property
    def experts(self) -> bool:
        """Whether the model has layers of experts."""
        return bool(self.shape.moe_layers)


def launch_of(
    plan: Mapping[str, Any], file: str, model: ModelRecord, chip: Chip, system: System, software: Software
) -> Launch:
    """Make the launch of a plan's best design. Raises ``InputError`` for values that no plan of Tenfold has."""
    goal, best = (PlanValues(file=file, tree=plan, at=part) for part in ("question.goal", "best"))
    if goal.value("tuning") in ADAPTERS:
        wrong, remedy = "adapters are trained, and no launch file of theirs is known", "Export a plan of full tuning"
        raise InputError(Problem(file=file, key="question.goal.tuning", wrong=wrong, remedy=remedy))
    layout = PlanValues(file=file, tree=plan, at="best.layout")
    top = PlanValues(file=file, tree=plan, at="")
    moved = best if best.value("global_batch") is not None else top
    sequence, batch, work = goal.whole("sequence_length"), moved.whole("global_batch"), _settled(top, goal, "tokens")
    step_s = best.number("step_time_s.p50")
    interval_s = best.number("checkpoint_interval_s")
    launch = Launch(
        model=model.key,
        family=model.family,
        shape=model.shape,
        precision=goal.text("precision"),
        sequence_length=sequence,
        global_batch=batch,
        layout=_layout(layout),
        steps=math.ceil(work.number("tokens") / (sequence * batch)),
        save_every=max(1, math.ceil(interval_s / step_s - ROUNDING)),
        chip=chip.key,
        vendor=chip.vendor,
        chip_kind=chip.kind,
        chips=best.whole("chips"),
        chips_per_node=system.chips_per_node,
        domain_chips=system.scaleup_domain_chips if system.scaleup_fabric else 1,
        software_labels=software.labels,
        supply=best.text("supply"),
        provenance=_provenance(top, goal, best),
        promises=_promises(best),
    )
    made = launch.layout
    layout.require(made.ranks * made.dp == launch.chips, "does not multiply to the design's chips")
    layout.require(launch.micro_batches * made.dp * made.micro_batch == batch, "does not divide the global batch")
    return launch


def _layout(layout: PlanValues) -> ParallelLayout:
    """Every axis as plans print it; what a plan does not say is as ever."""
    values = {name: layout.asked(name, each.axis.terms.asks, each.default) for name, each in AXES.items()}
    return ParallelLayout(**values)


def _settled(top: PlanValues, goal: PlanValues, key: str) -> PlanValues:
    """Where a value stands: what the plan worked out, or what was asked."""
    return goal if top.value(key) is None else top


def _provenance(top: PlanValues, goal: PlanValues, best: PlanValues) -> tuple[str, ...]:
    batch = best if best.value("global_batch") is not None else top
    return (
        f"Goal: {goal.text('model')} on {format_quantity(_settled(top, goal, 'tokens').number('tokens'), 'tokens')} in "
        f"{goal.text('precision')}, {batch.whole('global_batch'):,} sequences of "
        f"{goal.whole('sequence_length'):,} a step, {_settled(top, goal, 'objective').text('objective')}",
        f"Design: {best.whole('chips'):,} x {best.text('chip')} ({best.text('system')}), {best.text('software')}",
        f"Tenfold {top.text('made.tenfold')}, catalog {top.text('made.catalog')}, seed {top.number('made.seed'):.0f}",
    )


def _promises(best: PlanValues) -> tuple[str, ...]:
    step, goodput, mfu = (best.spread(name) for name in ("step_time_s", "goodput", "mfu"))
    return (
        f"expected step time {step[1]:.4g} s (P10-P90 {step[0]:.4g} to {step[2]:.4g} s), MFU {mfu[1]:.1%}",
        f"expected goodput {goodput[1]:.1%} (P10-P90 {goodput[0]:.1%} to {goodput[2]:.1%})",
        f"site {best.text('site')}, supply {best.text('supply')}, cost and finish",
    )


def comments(launch: Launch, tool: str, unexpressed: Sequence[str], mark: str = "#") -> str:
    """The head of every file: which plan it is from, and what the tool cannot hold."""
    lines = (f"Written by Tenfold for {tool}.", *launch.provenance, "Not expressed here:")
    listed = (f"- {line}" for line in (*unexpressed, *launch.promises))
    return "\n".join(f"{mark} {one_line(line)}".rstrip() for line in (*lines, *listed)) + "\n"


def one_line(text: str) -> str:
    """Text without line breaks and control letters, so that it cannot leave the comment it stands in."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
