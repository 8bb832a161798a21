"""Search, swept by size, against a loop over the same formulas: ``uv run python benchmarks/search.py``.

Prints layouts considered, seconds, layouts a second a core (process time, so waiting does not count) and the ratio to
a plain Python loop that times one layout after another with the same functions in the same run. Then every chip of the
catalog at twelve counts. Ratios travel between machines; times do not.
"""

from __future__ import annotations

import resource
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import perf_counter, process_time

import numpy as np

from tenfold.catalog import Catalog, load_catalog
from tenfold.performance.layout import Layout
from tenfold.performance.training import (
    FULL_SPACE,
    CalibratedSetup,
    SearchSpace,
    TrainingSetup,
    fastest_layouts,
    search_layouts,
    setup_training,
    space_of,
)
from tenfold.performance.training.divided import divided
from tenfold.performance.training.footprint import footprint
from tenfold.performance.training.policies import all_policies, distinct
from tenfold.performance.training.search import layouts_of
from tenfold.performance.training.step import step_time
from tenfold.performance.training.timed import flat
from tenfold.quantities import InputError

POINTS = (
    ("llama-3.1-8b", "h100-sxm", 64, 256, 8192, None),
    ("llama-3.1-8b", "h100-sxm", 64, 256, 8192, FULL_SPACE),
    ("llama-3.1-70b", "h100-sxm", 512, 1024, 8192, FULL_SPACE),
    ("llama-3.1-405b", "h100-sxm", 16384, 2048, 8192, FULL_SPACE),
    ("deepseek-v3", "h100-sxm", 2048, 15360, 4096, FULL_SPACE),
    ("megatron-1t", "a100-sxm-80gb", 4096, 4096, 2048, FULL_SPACE),
)
"""Model, chip, chips, global batch, sequence length, space; None for what the chip's software offers."""
COUNTS = tuple(2**exponent for exponent in range(4, 16))
LOOPED_LAYOUTS = 400
MIB = 1024.0 if sys.platform != "darwin" else 1024.0 * 1024.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Wall and processor seconds of a call."""

    wall_s: float
    core_s: float


def timed(call: Callable[[], object]) -> Timing:
    """Time a call."""
    wall, core = perf_counter(), process_time()
    call()
    return Timing(wall_s=perf_counter() - wall, core_s=process_time() - core)


def layouts_that_divide(setup: TrainingSetup, chips: int, space: SearchSpace, most: int) -> Iterator[Layout]:
    """A random sample of the layouts that pass divisibility."""
    skeletons, policies = divided(chips, setup.shape, setup.job, space).skeletons, all_policies(space)
    own = np.argwhere(flat(np.broadcast_to(distinct(skeletons, policies), (*policies.shape, len(skeletons)))).T)
    picked = own[np.random.default_rng(0).permutation(len(own))[:most]]
    layouts = layouts_of(skeletons, policies, *picked.T)
    return (layouts.at(place) for place in range(len(picked)))


def loop(setup: TrainingSetup, layouts: list[Layout]) -> None:
    """Memory, then time where it fits, one layout after another."""
    for layout in layouts:
        if footprint(setup.shape, setup.job, layout, setup.kernels).total <= setup.hardware.hbm_bytes:
            step_time(setup.shape, setup.job, layout, setup.hardware, setup.kernels)


def setup_for(catalog: Catalog, chip: str, model: str, batch: int, sequence: int) -> CalibratedSetup:
    """A setup in bf16."""
    return setup_training(
        catalog, chip=chip, model=catalog.model(model), precision="bf16", sequence_length=sequence, global_batch=batch
    )


def sweep(catalog: Catalog) -> None:
    """One line per point."""
    print(f"{'point':46s} {'considered':>11s} {'divide':>9s} {'timed':>8s} {'seconds':>8s} "
          f"{'considered/s/core':>18s} {'× loop':>9s}")  # fmt: skip
    for model, chip, chips, batch, sequence, wide in POINTS:
        calibrated = setup_for(catalog, chip, model, batch, sequence)
        setup, space = calibrated.setup, wide or space_of(calibrated.software)

        def search(setup: TrainingSetup = setup, chips: int = chips, space: SearchSpace = space) -> object:
            return search_layouts(setup.shape, setup.job, setup.hardware, setup.kernels, chips=chips, space=space)

        counts = search_layouts(
            setup.shape, setup.job, setup.hardware, setup.kernels, chips=chips, space=space
        ).counts  # warm, as in a session that asks twice
        best = min((timed(search) for _ in range(3)), key=lambda timing: timing.core_s)
        divide = counts.timed + counts.rejected["memory"]
        sample = list(layouts_that_divide(setup, chips, space, LOOPED_LAYOUTS))
        one_by_one = len(sample) / timed(lambda setup=setup, sample=sample: loop(setup, sample)).core_s  # type: ignore[misc]
        name = f"{model} on {chips} {chip}{'' if wide else ' (offered)'}"
        rate, ratio = counts.layouts_considered / best.core_s, divide / best.core_s / one_by_one
        print(f"{name:46s} {counts.layouts_considered:11,d} {divide:9,d} {counts.timed:8,d} {best.wall_s:8.3f} "
              f"{rate:18,.0f} {ratio:9,.0f}")  # fmt: skip
    print("× loop: layouts that divide, a second a core, over those that the loop works through (memory, then time)")


def every_chip(catalog: Catalog) -> None:
    """The fastest layout on every chip that can train in bf16 at twelve counts, as a plan asks for it."""
    setups = []
    for chip in catalog.chips:
        try:
            setups.append(setup_for(catalog, chip, "llama-3.1-70b", 4096, 8192))
        except InputError:
            continue

    def search_all() -> None:
        for found in setups:
            part, space = found.setup, space_of(found.software)
            fastest_layouts(part, [divided(chips, part.shape, part.job, space) for chips in COUNTS])

    found = timed(search_all)
    searches = len(setups) * len(COUNTS)
    print(f"the fastest on {len(setups)} chips × {len(COUNTS)} counts: {found.wall_s:.2f} s, "
          f"{1000 * found.wall_s / searches:.1f} ms a search")  # fmt: skip


def main() -> None:
    """Print the sweep and the peak of memory."""
    catalog = load_catalog()
    sweep(catalog)
    every_chip(catalog)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MIB
    print(f"peak memory of the process: {peak:.0f} MiB")


if __name__ == "__main__":
    main()
