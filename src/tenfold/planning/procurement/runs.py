"""Training runs given as a model and tokens: their work and the worth of chips, predicted by the performance rooms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tenfold.catalog import Catalog
from tenfold.planning.procurement.fit import MODELLED, TrainingRun, tokens_per_s_per_chip
from tenfold.planning.procurement.values import Values
from tenfold.quantities import HOUR_S, InputError, shown
from tenfold.workloads.batch import global_batch_sequences
from tenfold.workloads.model_names import find_model

H100 = "h100-sxm"
NEEDED = ("tokens", "sequence_length", "global_batch", "cluster_chips")


def read_run(key: str, table: Any, values: Values) -> TrainingRun | None:  # noqa: ANN401
    """Read the run of a training workload that names a model; None when it names none or lacks something."""
    if table.kind != "train" or not table.model:
        return None
    missing = [name for name in NEEDED if getattr(table, name) is None]
    for name in missing:
        values.wrong(f"{key}.{name}", "is missing", "Add it, or give work instead of a model")
    if missing:
        return None
    before = len(values.problems)
    length = int(values.number(f"{key}.sequence_length", table.sequence_length, "sequence_length", 1.0))
    batch = values.kept(
        f"{key}.global_batch",
        lambda: global_batch_sequences(table.global_batch, length, file=values.file, key=f"{key}.global_batch")[0],
        1,
    )
    run = TrainingRun(
        model=table.model,
        tokens=values.number(f"{key}.tokens", table.tokens, "tokens", 1.0),
        sequence_length=length,
        global_batch=batch,
        precision=table.precision,
        cluster_chips=int(values.number(f"{key}.cluster_chips", table.cluster_chips, "cluster_chips", 1.0)),
    )
    return run if len(values.problems) == before else None


def known_chips(names: Sequence[str], catalog: Catalog) -> tuple[str, ...]:
    """Keys of the chips that the catalog knows, each once; unknown names are told where they stand."""
    found: dict[str, None] = {}
    for name in names:
        try:
            found[catalog.chip(name).key] = None
        except InputError:
            continue
    return tuple(found)


def predicted(
    key: str, run: TrainingRun, chips: Sequence[str], values: Values, catalog: Catalog
) -> Mapping[str, float]:
    """Predict tokens/s per chip of an H100 and of every chip of a modelled kind on which some layout fits."""
    if values.kept(f"{key}.model", lambda: find_model(catalog, run.model), None) is None:
        return {}
    speeds: dict[str, float] = {}
    for chip in dict.fromkeys((H100, *known_chips(chips, catalog))):
        if catalog.chip(chip).kind not in MODELLED["train"]:
            continue
        place = f"{key}.precision" if chip == H100 else f"{key}.model"
        speed = values.kept(place, lambda chip=chip: tokens_per_s_per_chip(catalog, chip, run), None)  # type: ignore[misc]
        if speed is not None:
            speeds[chip] = speed
    if H100 not in speeds and not values.problems:
        wrong = f"no layout of {shown(run.model)} fits {run.cluster_chips:,} H100, the unit of its work"
        values.wrong(f"{key}.cluster_chips", wrong, "Write more chips, or give work instead of a model")
    return speeds


def worth_by_speed(speeds: Mapping[str, float]) -> dict[str, float]:
    """H100e of each chip by predicted speed."""
    return {chip: speed / speeds[H100] for chip, speed in speeds.items()} if H100 in speeds else {}


def work_chip_hours(run: TrainingRun | None, speeds: Mapping[str, float]) -> float:
    """Productive chip-hours of an H100 that a run takes; 0 where nothing is predicted."""
    return 0.0 if run is None or H100 not in speeds else run.tokens / speeds[H100] / HOUR_S
