"""What more memory, failures, overhead of power and distance do to an answer: the slower kinds of ``physics``."""

from __future__ import annotations

import random
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from physics_told import SLACK, TOLD, holds
from training_setups import CHIPS, DENSE, MODELS, setup_of

from tenfold.catalog import Catalog, load_catalog
from tenfold.performance.training import SearchSpace, fastest_layout
from tenfold.planning.drawn import HALLS
from tenfold.quantities import InputError
from tenfold.reliability import CHECKPOINTING, DETECTION, RECOVERY
from tenfold.studies import Source, ask, read_question

PUES = tuple(1.0 + 0.05 * step for step in range(21))
ASSUMED = 'kind = "assumption", source = "assumption-hardware", as_of = "2026", note = "to compare"'
SITE = f"""name = "A place of PUE {{pue:.2f}}"
country = "US"
[power]
price = {{{{ value = "$60/MWh", {ASSUMED} }}}}
pue = {{{{ value = {{pue}}, {ASSUMED} }}}}
carbon = {{{{ value = "0.3 kg/kWh", {ASSUMED} }}}}
[water]
wue = {{{{ value = "0.3 L/kWh", {ASSUMED} }}}}
"""
SOLD = ("h100-sxm", "h200-sxm", "b200", "mi300x", "a100-sxm-80gb")
CAMPUSES = ("us-ohio", "us-virginia", "us-texas")
UNITS = {"gb200": 72, "tpu-v5p": 8960}
"""Chips that only whole domains of are asked about."""
GBITS = (10, 100, 1_600, 25_600)


def answered(name: str, tree: dict[str, Any], catalog: Catalog) -> Any:
    """The answer to a question as a file would ask it."""
    return ask(read_question(name, Source(tree=tree), catalog), catalog)


def pues(count: int, start: int) -> None:
    """More power for the same chips never costs less, and never emits less."""
    rng = random.Random(start)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "sites").mkdir()
        for place, pue in enumerate(PUES):
            (Path(folder) / "sites" / f"pue-{place}.toml").write_text(SITE.format(pue=pue), encoding="utf-8")
        catalog = load_catalog([Path(folder)])
        for _ in range(count):
            tree = {"chip": rng.choice(SOLD), "chips": 2 ** rng.randint(3, 15), "hall": rng.choice(HALLS)}
            places = sorted(rng.sample(range(len(PUES)), 2))
            less, more = (answered("tco", tree | {"site": f"pue-{place}"}, catalog) for place in places)
            low, high = (float(each.usd_per_chip_hour.p50) for each in (less, more))
            holds("higher PUE", high * SLACK >= low, f"{tree}: {low} at {PUES[places[0]]}, {high} at {PUES[places[1]]}")


def memories(count: int, start: int) -> None:
    """What fitted still fits in more memory, so that the fastest layout is never slower."""
    rng = random.Random(start)
    for _ in range(count):
        model, chip, chips = rng.choice(MODELS), rng.choice(CHIPS), 2 ** rng.randint(3, 9)
        setup = setup_of(model, chip, global_batch=512.0)
        space = SearchSpace()
        factor = rng.uniform(1.0, 4.0)
        more = replace(setup.hardware, hbm_bytes=setup.hardware.hbm_bytes * factor)
        before, after = (fastest_layout(each, chips, space).step_s for each in (setup, replace(setup, hardware=more)))
        holds("more memory", after <= before * SLACK, f"{model} on {chips} {chip} × {factor}: {before} s, {after} s")


def failures(count: int, start: int) -> None:
    """More failures never help, however they are recovered from."""
    rng, catalog = random.Random(start), load_catalog()
    for _ in range(count):
        chip = rng.choice(CHIPS)
        tree: dict[str, Any] = {
            "chip": chip,
            "chips": UNITS.get(chip, 8) * 2 ** rng.randint(3, 10),
            "model": rng.choice(MODELS),
            "checkpointing": rng.choice(CHECKPOINTING.choices),
            "recovery": rng.choice(RECOVERY.choices),
            "detection": rng.choice(DETECTION.choices),
            "replicas": 2,
        }
        rate = 10 ** rng.uniform(-1.0, 2.0)
        key = "failures_per_1000_node_days"
        factors = (1.0, rng.uniform(1.0, 10.0))
        try:
            less, more = (answered("goodput", tree | {key: rate * factor}, catalog) for factor in factors)
        except InputError:  # not every way to recover is for every fleet
            TOLD["more failures, refused"] += 1
            continue
        for name in ("first_order", "exact", "elastic"):
            if less.valid[name].valid and more.valid[name].valid:
                high, low = (getattr(each.ettr, name) for each in (less, more))
                holds(f"more failures, {name}", low <= high * SLACK, f"{tree} at {rate}: {high}, then {low}")


def distances(count: int, start: int) -> None:
    """A longer way between two campuses never ends a run sooner."""
    rng, catalog = random.Random(start), load_catalog()
    for _ in range(count):
        chips, (one, other) = 2 ** rng.randint(9, 13), rng.sample(CAMPUSES, 2)
        link = {"between": ["one", "other"], "bandwidth": f"{rng.choice(GBITS)} Gbit/s"}
        tree: dict[str, Any] = {
            "run": {"model": rng.choice(DENSE), "tokens": "5T", "sequence_length": 8192, "global_batch": 2048}
            | {"precision": "bf16", "start": "2027-01-01", "objective": "fastest"},
            "sites": {
                name: {"site": site, "chip": rng.choice(CHIPS), "chips": chips, "power": "100 MW", "price": "$2/h"}
                for name, site in (("one", one), ("other", other))
            },
        }
        way_km = 10 ** rng.uniform(0, 3)
        asked = (
            tree | {"links": [link | {"distance": f"{each} km"}]} for each in (way_km, way_km * rng.uniform(1, 20))
        )
        near, far = (answered("multisite", each, catalog).best for each in asked)
        days = [float("inf") if each is None else float(each.finish_days.p50) for each in (near, far)]
        holds("longer way", days[1] * SLACK >= days[0], f"{tree}, {link}, from {way_km} km on: {days} days")
