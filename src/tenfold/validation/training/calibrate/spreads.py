"""How wide predictions are: components of variance from runs that a fit had not seen, each source counting the same.

ln(predicted/measured) of a run predicted without its source, its stack, its chip family or its number width is drawn
from a Student distribution of scale s, s² = σ² + what distance from what was measured adds (``performance.evidence``):
σ is of the kind of model, each τ = ρ·σ with one ratio ρ for each thing that may be new. σ and ρ are the maximum
a posteriori, drawn towards the priors of the catalog. One factor on all of them then puts 80 % of the measurements
inside P10–P90, a row counting half by itself and half by its source.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from tenfold.performance import NOVELTIES, Seen, beyond_measured, scale_variance, student_factor
from tenfold.quantities import Flags, Floats
from tenfold.validation.training.completed import CompletedRun
from tenfold.validation.training.predict import CasePredictions

ARCHS = ("dense", "moe", "adapter")
FEWEST_RUNS = 8
FEWEST_SOURCES = 5
"""Sources from which on the factor on all ranges is fitted."""
TAIL = 4.0
"""Degrees of freedom of the residuals' distribution."""
PRIOR_SD = 0.4
"""Of the logarithms of σ and ρ."""
SOURCE_WEIGHT = 4.0
"""Independent runs that a source is worth, being near copies of each other."""
FACTORS = np.exp(np.linspace(math.log(0.4), math.log(2.5), 121))


@dataclass(frozen=True, slots=True, kw_only=True)
class Spreads:
    """Spreads by key of the calibration (``spread.<arch>.measured``, ``novelty.<arch>.<what>``), and what is behind."""

    log_spread: Mapping[str, float]
    runs: Mapping[str, int]
    """Runs behind each spread."""
    rows: Mapping[str, int]
    """Runs by ``rows.<family>.<arch>.<width>`` and by ``stacks.<family>.<stack>``."""
    largest: Mapping[str, float]
    """Chips of the largest run by ``largest.<family>.<arch>``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unseen:
    """Runs predicted by fits that had not seen them, as columns."""

    arch: Floats
    """Index into ``ARCHS``."""
    seen: Seen
    chips: Floats
    residual: Floats
    """ln(predicted/measured)."""
    weight: Floats

    def rows(self, index: Flags) -> Unseen:
        """Some of them."""
        seen = Seen(**{each.name: np.asarray(getattr(self.seen, each.name))[index] for each in fields(Seen)})
        return Unseen(
            arch=self.arch[index],
            seen=seen,
            chips=self.chips[index],
            residual=self.residual[index],
            weight=self.weight[index],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Components:
    """Standard deviations: σ of each kind of model, ρ of each thing that may be new, and a factor on all."""

    sigma: Floats
    ratio: Mapping[str, float]
    factor: float = 1.0

    def log_spread(self, unseen: Unseen, priors: Mapping[str, float]) -> Floats:
        """Spread of each prediction."""
        sigma = self.factor * self.sigma[unseen.arch.astype(int)]
        taus = {name: ratio * sigma for name, ratio in self.ratio.items()}
        far = beyond_measured(taus, unseen.seen, sigma) + scale_variance(priors, unseen.seen, unseen.chips)
        return np.asarray(np.sqrt(sigma**2 + far) * student_factor(unseen.seen.of_kind))


def regime_of(done: CompletedRun) -> str:
    """Kind of model of a run."""
    if done.run.mode != "pretrain":
        return "adapter"
    return "moe" if done.moe else "dense"


def equal_weights(groups: Sequence[str]) -> Floats:
    """Weights that make every group count the same: ``SOURCE_WEIGHT``, or its number of runs if that is less."""
    counts = Counter(groups)
    return np.array([min(SOURCE_WEIGHT, counts[group]) / counts[group] for group in groups])


def halved_weights(groups: Sequence[str]) -> Floats:
    """Weights of which one half is dealt to rows and one to groups, where rows of a group share what is dealt to it.

    80 % of all measurements are meant to be inside and 80 % of those of a source: a large source that is easy to
    predict speaks for its rows, and small ones for what else may be asked.
    """
    counts = Counter(groups)
    return np.array([0.5 / len(groups) + 0.5 / (len(counts) * counts[group]) for group in groups])


def prior_components(priors: Mapping[str, float]) -> Components:
    """What is believed before any run."""
    sigma = np.array([priors[f"spread.{arch}.measured"] for arch in ARCHS])
    dense = float(sigma[0])
    return Components(sigma=sigma, ratio={name: priors[f"novelty.dense.{name}"] / dense for name in NOVELTIES})


def fit_components(unseen: Unseen, priors: Mapping[str, float]) -> Components:
    """Maximum a posteriori of σ and ρ."""
    from scipy.optimize import minimize

    start = prior_components(priors)

    def at(x: Floats) -> Components:
        return Components(
            sigma=start.sigma * np.exp(x[: len(ARCHS)]),
            ratio={
                name: start.ratio[name] * math.exp(move) for name, move in zip(NOVELTIES, x[len(ARCHS) :], strict=True)
            },
        )

    def loss(x: Floats) -> float:
        scale = at(x).log_spread(unseen, priors)
        tail = (TAIL + 1.0) / 2.0 * np.log1p((unseen.residual / scale) ** 2 / TAIL)
        return float(np.sum(unseen.weight * (np.log(scale) + tail)) + 0.5 * np.sum((x / PRIOR_SD) ** 2))

    found = minimize(loss, np.zeros(len(ARCHS) + len(NOVELTIES)), method="L-BFGS-B")
    return at(np.asarray(found.x))


def fit_factor(
    components: Components, unseen: Unseen, cases: CasePredictions, measured: Floats, priors: Mapping[str, float]
) -> Floats:
    """For each run whether its measurement is inside P10–P90 at each of ``FACTORS``: runs × factors."""
    inside = []
    for factor in FACTORS:
        spread = replace(components, factor=float(factor)).log_spread(unseen, priors)
        position = cases.position(measured, spread)
        inside.append((position >= 0.1) & (position <= 0.9))
    return np.array(inside, dtype=np.float64).T


def least_factor(inside: Floats, weight: Floats) -> float:
    """The least factor from which on 80 % of the weight is inside."""
    covered = (weight[:, None] * inside).sum(axis=0) / weight.sum()
    enough = np.flatnonzero(np.minimum.accumulate(covered[::-1])[::-1] >= 0.8)
    return float(FACTORS[enough[0]]) if len(enough) else float(FACTORS[-1])


def constants_of_components(components: Components) -> dict[str, float]:
    """Keys of a calibration."""
    sigma = {arch: components.factor * float(value) for arch, value in zip(ARCHS, components.sigma, strict=True)}
    spreads = {f"spread.{arch}.measured": value for arch, value in sigma.items()}
    return spreads | {
        f"novelty.{arch}.{name}": float(ratio) * value
        for arch, value in sigma.items()
        for name, ratio in components.ratio.items()
    }


def stacks_on(runs: Sequence[CompletedRun]) -> Mapping[str, int]:
    """Runs by family and stack."""
    return Counter(f"stacks.{d.key.family}.{d.key.software.key}" for d in runs)


def rows_of(runs: Sequence[CompletedRun]) -> Mapping[str, int]:
    """Runs by family, kind of model and width."""
    return Counter(f"rows.{d.key.family}.{regime_of(d)}.{d.width}" for d in runs)


def largest_of(runs: Sequence[CompletedRun]) -> Mapping[str, float]:
    """Chips of the largest run by family and kind of model."""
    found: dict[str, float] = {}
    for done in runs:
        key = f"largest.{done.key.family}.{regime_of(done)}"
        found[key] = max(found.get(key, 0.0), float(done.run.n_chips or 1.0))
    return found
