"""Goodput in closed form: three rivals with one signature, by name in ``CLOSED_FORMS``.

    closed_form(Stops, Saving) → ClosedForm        useful work τ between saves, w the stall of one, S = τ + w

exact        e^{−Σ λ_i R_i} · m τ / U − Σ λ_i W_i       with the uptime of m intervals, all of them safe in storage,
             U = (1 + a) e^{λ₂(d − c)} [q + ((1 − λ₂ q)^{1−m} − 1)/λ₂],    a = λ₂ (e^{λ(S+c)} − 1)/λ,
             q = e^{λc} (e^{λS} − 1)/λ / (1 + a),    λ = λ₁ + λ₂
first-order  (1 − Σ λ_i (R_i + W_i) − λ₁ (τ/2 + c) − λ₂ (m τ/2 + d)) / (1 + w/τ)
elastic      1 − Σ λ_i (R_i + W_i) over the failures that drop a replica, times the exact form of the others

λ_i is the rate of a class of failures, R_i its stall, W_i the work of missing replicas; λ₁ goes back to the latest save
and λ₂ to the latest in storage. A save is safe from λ₁ once it has drained for c of uptime, and every m-th from λ₂ once
it has drained to storage for d: work done meanwhile is lost with it. The job is up when no stall covers the moment: the
idle probability e^{−Σ λ_i R_i} of an M/G/∞ queue (Takács 1962). Uptime between failures is memoryless again: 1/(1 + a)
transforms, at λ₂, the uptime from a failure to the next safe save, 1 − λ₂ q that from one safe save to the next (as in
renewal theory). With m = 1, U = e^{λ₁c + λ₂d} (e^{λS} − 1)/λ: Daly's renewal (2006, doi:10.1016/j.future.2004.11.016)
times what drains lose. No more than one save drains to storage at a time: m S ≥ d.
A failure that strikes while the job stalls after one that sent it less far back still sends it back: λ₁ and λ₂ are
those of stretches of stalls (``rates_back_per_s``). With m = 1, one R and c = 0 it is the formula of ``renewal``. First
order: Kokolis et al., arXiv:2410.21680; elastic: FT-HSDP, arXiv:2602.00277.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from tenfold.quantities import Column, Flags, Floats
from tenfold.reliability.stops import DURABLE, KEEPS, LATEST, Stops

SMALL_LOSS = 0.1
"""Loss under which the first-order forms stay within 1.5 % of the exact one."""
FEW_MISSING = 0.05
"""Share of replicas missing at once under which they are counted apart."""
SMALL_RATE = 1e-9
"""λ₂ S under which its limit is taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Saving:
    """How often is saved; columns broadcast."""

    interval_s: Column
    """Useful work between saves."""
    stall_s: Column
    intervals_per_durable: Column
    """m: saves from one that reaches storage to the next; 1 when all do."""
    drain_s: Column = 0.0
    """c: uptime from taking a save until the failures it can outlive no longer reach it."""
    durable_drain_s: Column = 0.0
    """d: uptime from taking a save for storage until storage has it; no shorter than ``drain_s``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedForm:
    """Goodput, and whether the formula holds."""

    goodput: Column
    valid: bool
    why_not: str
    """Empty when it holds."""


def exact_goodput(stops: Stops, saving: Saving) -> ClosedForm:
    """Goodput by the exact form. Holds for memoryless failures of constant rate; shapes broadcast over ``saving``."""
    missing = missing_share(stops)
    goodput = np.maximum(_exact(stops, saving) - missing, 0.0)
    most = float(np.max(missing, initial=0.0))
    why_not = f"{most:.0%} of the replicas are missing at once" if most > FEW_MISSING else ""
    return ClosedForm(goodput=goodput, valid=not why_not, why_not=why_not)


def first_order_goodput(stops: Stops, saving: Saving) -> ClosedForm:
    """Goodput to first order; negative where failures come faster than recovery. Holds for small losses."""
    tau, write = np.asarray(saving.interval_s, dtype=np.float64), np.asarray(saving.stall_s)
    lost = stalled_share_to_first_order(stops) + missing_share(stops)
    lost = lost + stops.rate_back_to(LATEST) * (tau / 2.0 + saving.drain_s)
    lost = lost + stops.rate_back_to(DURABLE) * (saving.intervals_per_durable * tau / 2.0 + saving.durable_drain_s)
    with np.errstate(divide="ignore", invalid="ignore"):
        saved = np.where(write == 0.0, 0.0, write / tau)
    goodput = (1.0 - lost) / (1.0 + saved)
    return _for_small_losses(goodput)


def elastic_goodput(stops: Stops, saving: Saving) -> ClosedForm:
    """1 − rate · (s + R/D) for dropped replicas, times the exact form of what stops the whole job."""
    dropped = stops.rollback == KEEPS
    kept, whole = _only(stops, dropped), _only(stops, ~dropped)
    loss = stalled_share_to_first_order(kept) + missing_share(kept)
    return _for_small_losses((1.0 - loss) * _exact(whole, saving))


def rates_back_per_s(stops: Stops) -> tuple[Floats, Floats]:
    """Rates, per uptime, at which the job is sent back to the latest save and to storage, 1/s.

    A stretch of stalls that begins with a failure of other classes, rate λ and stall R, holds none of the rate s with
    probability φ = (λ + s) e^{−(λ+s)R} / (s + λ e^{−(λ+s)R}): each failure begins the stall anew.
    """
    durable = _with_hidden(stops, stops.rollback == DURABLE)
    back = _with_hidden(stops, stops.rollback != KEEPS)
    return np.maximum(back - durable, 0.0), durable


def _with_hidden(stops: Stops, chosen: Flags) -> Floats:
    """Rate of stretches of stalls in which any of the chosen classes strikes."""
    rate = np.asarray(np.where(chosen, stops.rate_per_s, 0.0).sum(axis=0))
    other = np.where(chosen, 0.0, stops.rate_per_s)
    others = other.sum(axis=0)
    if not (np.any(rate) and np.any(others)):
        return rate
    with np.errstate(divide="ignore", invalid="ignore"):
        stall = (other * stops.stall_s).sum(axis=0) / others
        calm = np.exp(-(rate + others) * stall)
        hidden = others * (1.0 - (others + rate) * calm / (rate + others * calm))
    return rate + np.where((rate == 0.0) | (others == 0.0), 0.0, hidden)


def uptime_per_useful(latest_per_s: Column, durable_per_s: Column, saving: Saving) -> Floats:
    """U/(m τ): uptime spent for each useful second, saves and lost work included; 1 where τ = w = 0.

    ``latest_per_s`` and ``durable_per_s`` are the rates back to the latest save and to storage. Broadcasts; raises
    nothing.
    """
    tau, write, m, copied, drained = (
        np.asarray(column, dtype=np.float64)
        for column in (
            saving.interval_s,
            saving.stall_s,
            saving.intervals_per_durable,
            saving.drain_s,
            saving.durable_drain_s,
        )
    )
    durable = np.asarray(durable_per_s)
    rate, span = latest_per_s + durable, tau + write
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        spent = np.exp(rate * copied) * _renewal_s(rate, span)
        if np.any(m != 1.0):
            spent = np.where(m == 1.0, spent, _several_spent(rate, durable, span, copied, m))
        useful = np.where(span == 0.0, np.exp(rate * copied), spent / (m * tau))
        return useful * np.exp(durable * (drained - copied))


def _several_spent(rate: Floats, durable: Floats, span: Floats, copied: Floats, m: Floats) -> Floats:
    """Uptime that m intervals take, where several saves are safe for some failures and one of m for all."""
    first = 1.0 + durable * _renewal_s(rate, span + copied)
    calm = np.exp(-rate * (span + copied)) + durable * _renewal_s(-rate, span + copied)
    safe = _renewal_s(-rate, span) / calm
    several = np.expm1((1.0 - m) * np.log1p(-np.minimum(durable * safe, 1.0))) / durable
    further = np.where(durable * span < SMALL_RATE, (m - 1.0) * safe, several)
    return np.asarray(first * (safe + further))


def _renewal_s(rate_per_s: Floats, span_s: Floats) -> Floats:
    """(e^{λ s} − 1)/λ: uptime until a span without failures is over; s where nothing fails."""
    return np.where(rate_per_s == 0.0, span_s, np.expm1(rate_per_s * span_s) / rate_per_s)


def availability(stops: Stops) -> Floats:
    """Share of time that no stall covers: e^{−Σ λ_i R_i}."""
    return np.asarray(np.exp(-stalled_share_to_first_order(stops)))


def stalled_share_to_first_order(stops: Stops) -> Floats:
    """Σ λ_i R_i: stalls over time where none overlap."""
    return np.asarray((stops.rate_per_s * stops.stall_s).sum(axis=0))


def missing_share(stops: Stops) -> Floats:
    """Σ λ_i W_i: share of the job that waits for dropped replicas."""
    return np.asarray((stops.rate_per_s * stops.waits_s).sum(axis=0))


def _exact(stops: Stops, saving: Saving) -> Floats:
    with np.errstate(divide="ignore"):
        return np.asarray(availability(stops) / uptime_per_useful(*rates_back_per_s(stops), saving))


def _for_small_losses(goodput: Floats) -> ClosedForm:
    why_not = "" if np.all(goodput >= 1.0 - SMALL_LOSS) else f"it holds for losses below {SMALL_LOSS:.0%}"
    return ClosedForm(goodput=goodput, valid=not why_not, why_not=why_not)


def _only(stops: Stops, chosen: Flags) -> Stops:
    """The same classes, those not chosen without a rate."""
    return replace(stops, rate_per_s=np.where(chosen, stops.rate_per_s, 0.0))


CLOSED_FORMS: Mapping[str, Callable[[Stops, Saving], ClosedForm]] = MappingProxyType(
    {"first_order": first_order_goodput, "exact": exact_goodput, "elastic": elastic_goodput}
)
"""Rival closed forms by name."""
