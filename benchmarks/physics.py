"""What physics and money say of any valid question: ``uv run python benchmarks/physics.py --cases 1000``.

Random setups and questions: a faster part is never slower, more latency never faster, a cost that grows never lowers
the sum, a quantity in other units is the same, and the order of keys is immaterial; more memory never slows the fastest
layout, more failures never help, a higher PUE is never cheaper, a longer way between campuses never faster
(``physics_answers``). Every violation is printed and is a fault of the model; 1 when there is one. The short form is
``tests/performance/test_step_properties.py``.
"""

from __future__ import annotations

import argparse
import random
import sys
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "performance"))
from physics_answers import SOLD, distances, failures, memories, pues
from physics_told import SLACK, TOLD, WRONG, holds
from training_setups import cases

from tenfold.catalog import Catalog, load_catalog
from tenfold.performance.training import estimate_layout
from tenfold.quantities import parse_quantity
from tenfold.studies import QUESTIONS, Source, ask, example_files, read_question

FASTER = ("hbm_bytes_per_s", "scaleup_bytes_per_s", "scaleout_bytes_per_s", "matmul_peak_flop_per_s",
          "wide_peak_flop_per_s")  # fmt: skip
SLOWER = ("scaleup_latency_s", "scaleout_latency_s")
UNITS = (("GB/s", "Gbit/s", 8.0), ("TFLOP/s", "GFLOP/s", 1e3), ("h", "min", 60.0), ("days", "h", 24.0),
         ("MW", "kW", 1e3),
         ("TB", "GB", 1e3), ("M", "k", 1e3), ("$M", "$k", 1e3), ("km", "m", 1e3), ("ms", "us", 1e3))  # fmt: skip
DEARER = ("installation", "water_price", "software_per_year", "taxes_per_year", "decommissioning")
SITES = ("us-texas", "nordics", "us-ohio", "japan")


def steps(count: int, start: int) -> None:
    """Parts of the hardware, one at a time, over layouts of every kind of model."""

    @seed(start)
    @settings(max_examples=count, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=cases(), name=st.sampled_from(FASTER + SLOWER), factor=st.floats(1.0, 20.0))
    def one(case: Any, name: str, factor: float) -> None:
        setup, layout = case
        changed = replace(setup.hardware, **{name: getattr(setup.hardware, name) * factor})
        before = float(estimate_layout(setup, layout).step.step_s)
        after = float(estimate_layout(replace(setup, hardware=changed), layout).step.step_s)
        right = after <= before * SLACK if name in FASTER else after * SLACK >= before
        holds(f"{name} × more", right, f"{factor}: {before} s, then {after} s of {layout}")

    one()


def amounts(count: int, start: int) -> None:
    """A quantity in two units is one number."""
    rng = random.Random(start)
    for _ in range(count):
        large, small, ratio = rng.choice(UNITS)
        number = round(10 ** rng.uniform(-2, 4), rng.randint(0, 4)) or 1.0
        unit = {"M": "1", "$M": "USD", "h": "s", "days": "s", "ms": "s", "GB/s": "B/s", "TFLOP/s": "FLOP/s", "MW": "W",
                "TB": "B", "km": "m"}[large]  # fmt: skip
        texts = [_written(value, name) for value, name in ((number, large), (number * ratio, small))]
        one, other = (parse_quantity(text, unit) for text in texts)
        holds("units", abs(one - other) <= 1e-9 * abs(one), f"{texts} are {one} and {other}")


def _written(number: float, unit: str) -> str:
    return f"${number!r}{unit[1:]}" if unit.startswith("$") else f"{number!r}{'' if unit in ('M', 'k') else ' '}{unit}"


def orders(count: int, start: int) -> None:
    """Keys in another order ask the same."""
    rng, catalog = random.Random(start), load_catalog()
    trees: list[tuple[str, Mapping[str, Any]]] = []
    for name in QUESTIONS:
        text, data = example_files(name)
        if not data:
            trees.append((name, tomllib.loads(text)))
    for case in range(count):
        name, tree = trees[case % len(trees)]
        one, other = (read_question(name, Source(tree=dict(each)), catalog) for each in (tree, _shuffled(tree, rng)))
        holds("order of keys", one == other, f"{name} asks something else")


def _shuffled(tree: Mapping[str, Any], rng: random.Random) -> dict[str, Any]:
    keys = rng.sample(list(tree), len(tree))
    return {key: _shuffled(tree[key], rng) if isinstance(tree[key], dict) else tree[key] for key in keys}


def owning(count: int, start: int) -> None:
    """A line of cost that grows never lowers what a chip costs its owner."""
    rng, catalog = random.Random(start), load_catalog()
    for _ in range(count):
        tree: dict[str, Any] = {"chip": rng.choice(SOLD), "site": rng.choice(SITES), "chips": 2 ** rng.randint(3, 15)}
        name, value = rng.choice(DEARER), rng.uniform(1.0, 5000.0)
        less, more = (_cost(tree | {name: each}, catalog) for each in (value, value * rng.uniform(1.0, 10.0)))
        holds(f"more {name}", more * SLACK >= less, f"{tree}: {less}, then {more}")


def _cost(tree: Mapping[str, Any], catalog: Catalog) -> float:
    answer: Any = ask(read_question("tco", Source(tree=dict(tree)), catalog), catalog)
    return float(answer.usd_per_chip_hour.p50)


SHARES: tuple[tuple[Callable[[int, int], None], float], ...] = (
    (amounts, 1.0),
    (orders, 0.25),
    (owning, 0.25),
    (steps, 1.0),
    (pues, 0.25),
    (memories, 0.25),
    (failures, 0.25),
    (distances, 0.05),
)
"""Kinds, and how many cases of each are tried of those that are asked for."""


def main() -> int:
    """Try each kind so often."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=2000, help="of steps and units; fewer of what takes longer")
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    for each, share in SHARES:
        each(round(chosen.cases * share), chosen.seed)
        print(f"{each.__name__:8} done, {sum(TOLD.values()):,} cases, {len(WRONG)} violations", flush=True)
    for kind, count in sorted(TOLD.items()):
        print(f"    {kind:28} {count:6,}")
    for said in WRONG[:10]:
        print(said[:400])
    return int(bool(WRONG))


if __name__ == "__main__":
    sys.exit(main())
