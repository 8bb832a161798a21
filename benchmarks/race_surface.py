"""What a fleet trains by its size, as the other rooms give it: ``uv run python benchmarks/race_surface.py``.

MFU of the fastest layout of a 405B model on H100 (``performance``) times goodput at the best interval (``reliability``)
on a grid of sizes, the batch growing with the chips, and the power law through it in logs. The constants printed are
those of ``catalog/data/calibrations/race.toml``, which the race starts from: looking them up takes no search.
"""

from __future__ import annotations

import numpy as np

from tenfold.catalog import Catalog, load_catalog
from tenfold.performance.training import estimate_layout, fastest_layout, setup_training, space_of
from tenfold.race.surfaces import REFERENCE_CHIPS, fitted, goodput_of

SIZES = (1024, 2048, 4096, 8192, 16_384, 32_768, 65_536)
CHIP, MODEL, SEQUENCE = "h100-sxm", "llama-3.1-405b", 8192
CHIPS_PER_SEQUENCE = 8


def mfu_of(catalog: Catalog, chips: int) -> float:
    """MFU of the fastest layout, the batch growing with the chips."""
    setup = setup_training(
        catalog,
        chip=CHIP,
        model=catalog.model(MODEL),
        precision="bf16",
        sequence_length=SEQUENCE,
        global_batch=max(chips // CHIPS_PER_SEQUENCE, 256),
    )
    found = fastest_layout(setup.setup, chips, space_of(setup.software))
    if found.layout is None:
        raise SystemExit(f"{MODEL} fits no layout of {chips:,} {CHIP}")
    return float(np.ravel(estimate_layout(setup.setup, found.layout).mfu)[0])


def main() -> None:
    """Print the grid and the fit."""
    catalog = load_catalog()
    sizes = np.array(SIZES, dtype=np.float64)
    mfu = np.array([mfu_of(catalog, chips) for chips in SIZES])
    goodput = goodput_of(catalog, sizes)
    for row in zip(SIZES, mfu, goodput, strict=True):
        print("{:8,d} chips: MFU {:.3f}, goodput {:.3f}".format(*row))
    at, slope, error = fitted(sizes, mfu)
    print(f"MFU at {REFERENCE_CHIPS:,.0f}: {at:.3f}, falls by the power {slope:.4f}, largest error {error:.3f}")


if __name__ == "__main__":
    main()
