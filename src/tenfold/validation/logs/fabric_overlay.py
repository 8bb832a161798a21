"""Measured collectives as figures of a fabric: latency of a step and reachable share of the nominal bandwidth.

The model's collectives (``performance.network.collectives``) over i chips of a domain and o domains take, for k passes
over S bytes, t = k·[S·(i − 1)/i/B_in + S·(o − 1)/(o·i)/B_out + log2(i)·λ_in + log2(o)·λ_out]. A test inside a domain
(o = 1) gives B_in and λ_in; a test over several gives B_out and λ_out with the inner part as the catalog has it.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from tenfold.catalog import Catalog, Fabric, System
from tenfold.performance.network import scaleup_share
from tenfold.quantities import InputError, Problem, toml_value
from tenfold.validation.logs.latency_bandwidth import PASSES, Estimate, LatencyBandwidth

SOURCE = "own-nccl-tests"
TOOL = "nccl-tests"
SOURCES_FILE = "sources/own-nccl-tests.toml"
LARGEST_SHARE = 2.5
"""Shares above 1 are real where switches reduce (each byte then crosses a link once, not twice); more is a mistake."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FabricFigures:
    """What tests say of one fabric."""

    fabric: str
    efficiency: Estimate
    latency_s: Estimate | None
    """None when the tests do not resolve it."""
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    fabric: str
    share: Estimate
    latency_s: Estimate | None


def fabric_figures(
    fits: Sequence[LatencyBandwidth], system: System, catalog: Catalog, tool: str = TOOL
) -> tuple[FabricFigures, ...]:
    """Figures of the system's fabrics; several tests of a fabric give their median, and the widest range.

    ``tool`` is what ran the tests. Raises ``InputError`` with every test that cannot be laid over the system.
    """
    problems: list[Problem] = []
    parts: dict[str, list[tuple[LatencyBandwidth, _Part]]] = {}
    for fit in fits:
        try:
            part = _part(fit, system, catalog)
        except InputError as error:
            problems += error.problems
        else:
            parts.setdefault(part.fabric, []).append((fit, part))
    if problems:
        raise InputError(problems)
    return tuple(_joined(fabric, tests, system, tool) for fabric, tests in parts.items())


def _joined(fabric: str, tests: Sequence[tuple[LatencyBandwidth, _Part]], system: System, tool: str) -> FabricFigures:
    latencies = [part.latency_s for _, part in tests if part.latency_s is not None]
    said = "; ".join(f"{fit.collective} of {fit.ranks} ranks on {_hosts(fit)}" for fit, _ in tests)
    return FabricFigures(
        fabric=fabric,
        efficiency=_middle([part.share for _, part in tests]),
        latency_s=_middle(latencies) if latencies else None,
        note=f"{tool} on {system.key}: {said}",
    )


def _middle(estimates: Sequence[Estimate]) -> Estimate:
    return Estimate(
        value=median(each.value for each in estimates),
        low=min(each.low for each in estimates),
        high=max(each.high for each in estimates),
    )


def _hosts(fit: LatencyBandwidth) -> str:
    return "one host" if fit.nodes == 1 else f"{fit.nodes} hosts"


def _refuse(fit: LatencyBandwidth, wrong: str, remedy: str) -> InputError:
    test = f"{fit.collective} of {fit.ranks} ranks on {_hosts(fit)}"
    return InputError(Problem(file="", key="", wrong=f"{test}: {wrong}", remedy=remedy))


def _part(fit: LatencyBandwidth, system: System, catalog: Catalog) -> _Part:
    if fit.collective not in PASSES:
        raise _refuse(fit, "says little of a collective", f"Test one of {', '.join(PASSES)}")
    domain = system.scaleup_domain_chips if system.scaleup_fabric else 1
    hosts = max(domain // system.chips_per_node, 1)
    inner, outer = (fit.ranks, 1) if fit.nodes <= hosts else (fit.ranks * hosts // fit.nodes, fit.nodes / hosts)
    if inner > max(domain, 1):
        wrong = f"{inner} ranks of a domain of {domain} {system.chip} in {system.key}"
        raise _refuse(fit, wrong, "Give --system, the system the test ran on")
    if outer == 1:
        return _inside(fit, catalog.fabric(system.scaleup_fabric), system)
    if not system.scaleout_fabric:
        raise _refuse(fit, f"{system.key} has no network between domains", "Give --system")
    if fit.collective == "alltoall":
        return _overlapped(fit, (outer - 1.0) / outer, system)
    return _outside(fit, inner, outer, system, catalog)


def _usable_scaleup_bytes_per_s(fabric: Fabric, inner: float, system: System) -> float:
    """Nominal bandwidth of the links that a group of ``inner`` chips of a domain can use."""
    share = scaleup_share(inner, system.scaleup_domain_chips, fabric.topology == "mesh", fabric.torus_dimensions)
    return system.scaleup_bytes_per_s_per_chip_one_way * float(share)


def _inside(fit: LatencyBandwidth, fabric: Fabric, system: System) -> _Part:
    nominal = _usable_scaleup_bytes_per_s(fabric, fit.ranks, system)
    reached = fit.busbw_bytes_per_s
    share = Estimate(value=reached.value / nominal, low=reached.low / nominal, high=reached.high / nominal)
    steps = PASSES[fit.collective] * math.log2(fit.ranks)
    return _Part(fabric=fabric.key, share=_plausible(fit, share), latency_s=_less(fit.start_s, 0.0, steps))


def _outside(fit: LatencyBandwidth, inner: float, outer: float, system: System, catalog: Catalog) -> _Part:
    passes, inner_s_per_byte, inner_start_s = PASSES[fit.collective], 0.0, 0.0
    if inner > 1:
        fabric = catalog.fabric(system.scaleup_fabric)
        reached = _usable_scaleup_bytes_per_s(fabric, inner, system) * fabric.efficiency
        inner_s_per_byte = passes * (inner - 1.0) / inner / reached
        inner_start_s = passes * math.log2(inner) * fabric.latency_s
    left = [each - inner_s_per_byte for each in _ends(fit.seconds_per_byte)]
    moved = passes * (outer - 1.0) / (outer * inner)
    if left[1] <= 0 or moved / left[0] > system.scaleout_bytes_per_s_per_chip_one_way:
        return _overlapped(fit, moved, system)
    value, low, high = (
        moved / each / system.scaleout_bytes_per_s_per_chip_one_way for each in (left[0], left[2], left[1])
    )
    latency = _less(fit.start_s, inner_start_s, passes * math.log2(outer))
    share = _plausible(fit, Estimate(value=value, low=low, high=high))
    return _Part(fabric=system.scaleout_fabric, share=share, latency_s=latency)


def _overlapped(fit: LatencyBandwidth, moved: float, system: System) -> _Part:
    """Share of the network where both levels work at once: at least what all the time would make, at most all of it.

    The time is that of the slower level, so ``moved`` bytes for each byte of the size went out in no more than it. A
    share above the nominal bandwidth is what switches that reduce make, and stands as it is.
    """
    nominal = system.scaleout_bytes_per_s_per_chip_one_way
    slow, fast = (moved / each / nominal for each in (fit.seconds_per_byte.high, fit.seconds_per_byte.low))
    most = max(fast, 1.0)
    share = Estimate(value=math.sqrt(slow * most), low=slow, high=most)
    return _Part(fabric=system.scaleout_fabric, share=_plausible(fit, share), latency_s=None)


def _ends(estimate: Estimate) -> tuple[float, float, float]:
    return estimate.value, estimate.low, estimate.high


def _less(start_s: Estimate | None, inner_s: float, steps: float) -> Estimate | None:
    """Latency of a step: what is left of the start after the inner steps; None when nothing is."""
    if start_s is None or start_s.low <= inner_s:
        return None
    value, low, high = ((each - inner_s) / steps for each in _ends(start_s))
    return Estimate(value=value, low=low, high=high)


def _plausible(fit: LatencyBandwidth, share: Estimate) -> Estimate:
    if share.value > LARGEST_SHARE:
        wrong = f"it reached {share.value:.3g} times the nominal bandwidth"
        raise _refuse(fit, wrong, "Check --chip and --system")
    return share


def fabric_toml(figures: FabricFigures, as_of: datetime.date, source: str = SOURCE) -> str:
    """``fabrics/<key>.toml`` of an overlay: the two figures, which replace those of the catalog."""
    lines = []
    for name, estimate, unit in (("latency", figures.latency_s, " s"), ("efficiency", figures.efficiency, "")):
        if estimate is not None:
            texts = [f'"{each:.4g}{unit}"' if unit else f"{each:.4g}" for each in _ends(estimate)]
            lines.append(
                f"{name} = {{ value = {texts[0]}, low = {texts[1]}, high = {texts[2]}, "
                f'kind = "measured", source = "{source}", as_of = "{as_of}", note = {toml_value(figures.note)} }}'
            )
    return "\n".join(lines) + "\n"


def sources_toml(as_of: datetime.date) -> str:
    """The source that those figures name."""
    return f'[{SOURCE}]\ntitle = "Own measurements with nccl-tests"\ndate = "{as_of}"\n'
