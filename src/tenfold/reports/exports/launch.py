"""A design of a plan with everything a launcher needs to know of it.

Made once from the plan's plain data, the model and the catalog's chip and system; every writer reads only this.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tenfold.catalog import Chip, ModelRecord, Software, System
from tenfold.catalog.models import TransformerShape
from tenfold.quantities import format_quantity
from tenfold.reports.exports.plan_values import PlanValues
from tenfold.workloads.recipe import RECOMPUTE, recompute_value


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """One design, in whole numbers."""

    model: str
    family: str
    shape: TransformerShape
    precision: str
    sequence_length: int
    global_batch: int
    micro_batch: int
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
    tp: int
    pp: int
    vpp: int
    cp: int
    ep: int
    dp: int
    zero_stage: int
    sequence_parallel: bool
    recompute: float
    """0 none, 1 selective, 2 full; between 1 and 2 the share of layers recomputed whole."""
    schedule: str
    """``1f1b``, ``zero-bubble`` or ``dualpipe``."""
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
        return self.global_batch // (self.dp * self.micro_batch)

    @property
    def layers(self) -> int:
        """Residual layers."""
        return int(self.shape.layers)

    @property
    def missing_layers(self) -> int:
        """Layers that the first and last chunk hold less: they stand for the embedding and the LM head."""
        return -self.layers % (self.pp * self.vpp)

    @property
    def layers_per_chunk(self) -> int:
        """Layers of a full chunk of a pipeline stage."""
        return -(-self.layers // (self.pp * self.vpp))


def launch_of(
    plan: Mapping[str, Any], file: str, model: ModelRecord, chip: Chip, system: System, software: Software
) -> Launch:
    """Make the launch of a plan's best design. Raises ``InputError`` for values that no plan of Tenfold has."""
    goal, best = (PlanValues(file=file, tree=plan, at=part) for part in ("question.goal", "best"))
    layout = PlanValues(file=file, tree=plan, at="best.layout")
    top = PlanValues(file=file, tree=plan, at="")
    sequence, batch = goal.whole("sequence_length"), top.whole("global_batch")
    step_s = best.number("step_time_s.p50")
    interval_s = best.number("checkpoint_interval_s")
    launch = Launch(
        model=model.key,
        family=model.family,
        shape=model.shape,
        precision=goal.text("precision"),
        sequence_length=sequence,
        global_batch=batch,
        micro_batch=layout.whole("micro_batch"),
        steps=math.ceil(goal.number("tokens") / (sequence * batch)),
        save_every=max(1, round(interval_s / step_s)),
        chip=chip.key,
        vendor=chip.vendor,
        chip_kind=chip.kind,
        chips=best.whole("chips"),
        chips_per_node=system.chips_per_node,
        domain_chips=system.scaleup_domain_chips if system.scaleup_fabric else 1,
        software_labels=software.labels,
        supply=best.text("supply"),
        tp=layout.whole("tp"),
        pp=layout.whole("pp"),
        vpp=layout.whole("vpp"),
        cp=layout.whole("cp"),
        ep=layout.whole("ep"),
        dp=layout.whole("dp"),
        zero_stage=layout.whole("zero_stage", least=0),
        sequence_parallel=layout.flag("sequence_parallel"),
        recompute=_recompute(layout),
        schedule=_schedule(layout),
        provenance=_provenance(top, goal, best),
        promises=_promises(best),
    )
    layout.require(
        launch.tp * launch.pp * launch.cp * launch.dp == launch.chips, "does not multiply to the design's chips"
    )
    layout.require(launch.micro_batches * launch.dp * launch.micro_batch == batch, "does not divide the global batch")
    return launch


def _recompute(layout: PlanValues) -> float:
    value = layout.value("recompute")
    if isinstance(value, str):
        known = recompute_value(value)
        return float(RECOMPUTE.index(layout.word("recompute", RECOMPUTE))) if known is None else known
    return layout.number("recompute", least=0.0, most=2.0)


def _schedule(layout: PlanValues) -> str:
    """The name of a schedule as plans print it: ``interleaved 1F1B``, ``no pipeline``."""
    words = layout.text("schedule").lower()
    found = next((name for name in ("zero-bubble", "dualpipe", "1f1b") if name in words), "")
    layout.require(bool(found) or words == "no pipeline", f"has the unknown schedule '{words}'")
    return found or "1f1b"


def _provenance(top: PlanValues, goal: PlanValues, best: PlanValues) -> tuple[str, ...]:
    return (
        f"Goal: {goal.text('model')} on {format_quantity(goal.number('tokens'), 'tokens')} in "
        f"{goal.text('precision')}, {top.whole('global_batch'):,} sequences of "
        f"{goal.whole('sequence_length'):,} a step, {goal.text('objective')}",
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
