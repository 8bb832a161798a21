"""Measured serving runs completed: what a row leaves to be looked up is found, what it leaves open is said."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from tenfold.catalog import Catalog, Chip, Engine, TransformerShape
from tenfold.performance.serving import (
    Replica,
    Setting,
    Speculation,
    cache_room_bytes,
    replicas_of,
    serving_factors,
    setting_of,
)
from tenfold.quantities import CatalogError
from tenfold.validation.serving.layouts import WIDEST, narrow_layouts, narrowest_with_room, replica_layout
from tenfold.validation.serving.possible import sooner_than_room
from tenfold.validation.serving.protocols import (
    INFERENCEX,
    damage_of,
    free_share_of,
    launched,
    requests_of,
    spreads_attention,
)
from tenfold.validation.serving.runs import ServingRun, sides_of
from tenfold.validation.serving.scenarios import Meaning, meaning_of
from tenfold.validation.serving.stated import (
    UNSAID,
    drafts_apart,
    engine_of,
    load_of,
    number_after,
    protocol_of,
    speculation_of,
    traffic_of,
)
from tenfold.workloads.serving import SERVED_FORMATS, ReplicaLayout, Traffic

PRECISIONS = {"int4 experts + bf16": "int4", "": "bf16"}
"""Words of a table that mean a format of another name; where none is stated, 16 bits."""
CACHE_FORMATS = {"bf16": "bf16", "fp16": "bf16", "fp8": "fp8", "int8": "fp8", "fp4": "fp4"}
CROWDED = 32.0
"""Clients on each chip of a decode side beyond which its latent attention is data parallel: copies cost more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A measured number with everything a prediction needs."""

    run: ServingRun
    meaning: Meaning
    model: str
    chip: str
    engine: Engine
    setting: Setting
    prefill: Setting | None = None
    """The prefill side of a disaggregated service."""
    replicas: float
    """Of the whole service; workers of the decode side of a disaggregated one."""
    prefill_replicas: float = 0.0
    load: float
    """Clients, requests or requests per second on each rank, by the scenario; 0 offline."""
    traffic: Traffic
    speculation: Speculation
    speculative: bool
    """Whether it drafts tokens that nobody counted."""
    drafter: bool
    """Whether a model of its own drafts them."""
    undecided: bool
    """Whether nobody says if it drafts at all."""
    token_budget: float
    stream_interval: float
    polled_steps: float
    """Steps after which the engine looks for new requests again."""
    length_spread: float
    """Lengths are even between nominal × (1 − this) and nominal."""
    waves: float = 10.0
    """Requests over clients in a closed loop."""
    requests: float
    """Requests of an offline run on each rank; infinite where none are stated."""
    stated_layout: bool
    stated_formats: bool


def complete_cases(runs: Sequence[ServingRun], catalog: Catalog) -> tuple[list[Case], Counter[str]]:
    """Rows that can be scored, and how many of the others were left out for which reason."""
    done: list[Case] = []
    skipped: Counter[str] = Counter()
    completer = _Completer(catalog)
    for run in runs:
        found = completer.complete(run)
        if isinstance(found, str):
            skipped[found] += 1
        else:
            done.append(found)
    return done, skipped


class _Completer:
    """Looks rows up in a catalog, each layout that nobody states once."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.factors = serving_factors(catalog)
        self.layouts: dict[tuple[object, ...], ReplicaLayout | None] = {}
        self.settings: dict[tuple[object, ...], Setting] = {}
        self.replicas: dict[int, Replica] = {}

    def fits(self, setting: Setting) -> bool:
        """Whether a replica has room for its weights and a cache."""
        return bool(np.asarray(cache_room_bytes(self.replica(setting)))[0] > 0.0)

    def replica(self, setting: Setting) -> Replica:
        """A setting as a column of one replica."""
        if id(setting) not in self.replicas:
            self.replicas[id(setting)] = replicas_of([setting], self.factors)
        return self.replicas[id(setting)]

    def complete(self, run: ServingRun) -> Case | str:
        """A case, or the reason it cannot be scored."""
        if run.exclude:
            return f"excluded: {run.exclude}"
        if (damage := damage_of(run)) != "":
            return damage
        meaning = meaning_of(run)
        if isinstance(meaning, str):
            return meaning
        if not run.isl or not run.osl:
            return "lengths are not stated"
        try:
            model, chip = self.catalog.model(run.model), self.catalog.chip(run.chip)
        except CatalogError as error:
            return error.problems[0].wrong
        precision = PRECISIONS.get(run.precision_weights.lower(), run.precision_weights.lower())
        if precision not in SERVED_FORMATS:
            return f"precision '{run.precision_weights}' is not served"
        if model.shape.mtp_layers and not run.spec_decoding and meaning.load != "static":
            return "speculation is not stated"
        try:
            return self._possible(self._case(run, meaning, chip, model.key, model.shape, precision))
        except CatalogError as error:
            return f"{run.chip}: {error.problems[0].wrong}"

    def _possible(self, case: Case | str) -> Case | str:
        """The case, or the reason that no server could have given its number."""
        if isinstance(case, str):
            return case
        sooner = sooner_than_room(case.meaning, case.load, case.traffic, self.replica(case.setting))
        return "damaged: its first tokens come sooner than its cache could have had room" if sooner else case

    def _case(
        self, run: ServingRun, meaning: Meaning, chip: Chip, model: str, shape: TransformerShape, precision: str
    ) -> Case | str:
        engine = engine_of(run, chip, self.catalog)
        make = _Made(self, run, chip, model, shape, engine, precision, meaning)
        laid_out = make.layout()
        if isinstance(laid_out, str):
            return laid_out
        layout, replicas, stated = laid_out
        load = load_of(run, meaning, replicas * float(layout.ranks))
        if isinstance(load, str):
            return load
        if stated and not self.fits(make.setting(layout)):
            return "its weights do not fit the chips it states"
        speculation, speculative = speculation_of(run)
        spread = 0.2 if protocol_of(run) == INFERENCEX else 0.0
        case = Case(
            run=run,
            meaning=meaning,
            model=model,
            chip=chip.key,
            engine=engine,
            setting=make.setting(layout),
            replicas=replicas,
            load=load,
            traffic=traffic_of(run, spread),
            speculation=speculation,
            speculative=speculative,
            drafter=drafts_apart(run, shape),
            undecided=run.spec_decoding.lower() == UNSAID,
            token_budget=run.token_budget or number_after(run.notes, "max_num_batched_tokens") or engine.token_budget,
            stream_interval=(run.stream_interval or 1.0) if engine.holds_first_token else 1.0,
            polled_steps=launched(run, engine, chip).polled_steps,
            length_spread=spread,
            requests=requests_of(run) / (replicas * float(layout.ranks)),
            stated_layout=stated,
            stated_formats=bool(run.precision_weights and run.precision_kv),
        )
        return case if meaning.load != "disaggregated" else make.disaggregated(case)


@dataclass(frozen=True, slots=True)
class _Made:
    """What one row says of layouts."""

    completer: _Completer
    run: ServingRun
    chip: Chip
    model: str
    shape: TransformerShape
    engine: Engine
    precision: str
    meaning: Meaning

    def setting(self, layout: ReplicaLayout) -> Setting:
        run = self.run
        launch = launched(run, self.engine, self.chip)
        stated = CACHE_FORMATS.get(run.precision_kv.lower(), launch.cache_format)
        limit = number_after(run.notes, "max_num_seqs") or number_after(run.notes, "max_running_requests")
        protocol = protocol_of(run)
        free_share = free_share_of(run)
        key = (self.chip.key, run.model, self.engine.key, layout, self.precision, stated, protocol, limit, free_share)
        known = self.completer.settings
        if key not in known:
            known[key] = setting_of(
                self.completer.catalog,
                self.chip,
                self.shape,
                self.engine,
                layout,
                precision=self.precision,
                model=self.model,
                cache_format=stated,
                protocol=protocol,
                max_sequences=limit,
                free_share=free_share,
            )
        return known[key]

    def layout(self) -> tuple[ReplicaLayout, float, bool] | str:
        """Layout, replicas, and whether the row states it; or the reason that it cannot be known."""
        run = self.run
        tensor, pipeline = sides_of(run.tp).decode, sides_of(run.pp).decode or 1.0
        ranks, expert = sides_of(run.dp).decode or 1.0, sides_of(run.ep).decode or 1.0
        if self.meaning.load == "disaggregated":
            if not run.prefill_workers or not run.decode_workers:
                return "workers of the two sides are not stated"
            return self._decode_side(tensor or 1.0, pipeline, run.decode_dp or ranks, run.decode_ep or expert)
        if not run.n_chips:
            return "no number of chips"
        if tensor is None:
            return self._usual_layout()
        chips = tensor * pipeline * ranks
        ratio = chips / run.n_chips
        if ratio != 1.0 and ratio in (2.0, 4.0, 8.0) and re.search(r"core|dies", run.notes.lower()):
            tensor, expert, ratio = tensor / ratio, max(expert / ratio, 1.0), 1.0
        if ratio != 1.0:
            return "tp × pp × dp is not the number of chips"
        if ranks == 1.0 and spreads_attention(run) and float(self.shape.moe_layers) > 0:
            tensor, ranks, expert = 1.0, tensor, tensor
        layout = replica_layout(tensor, pipeline, ranks, expert, self.shape)
        return layout, run.n_chips / float(layout.chips), True

    def _decode_side(
        self, tensor: float, pipeline: float, ranks: float, expert: float
    ) -> tuple[ReplicaLayout, float, bool]:
        """The decode side; where a table states its width alone, crowded latent attention is data parallel."""
        run, workers = self.run, self.run.decode_workers or 0.0
        if ranks == 1.0:
            tensor = run.decode_tp or tensor
            crowded = (run.concurrency_or_batch or 0.0) >= CROWDED * tensor * max(workers, 1.0)
            if crowded and expert == tensor and float(self.shape.kv_lora_rank) > 0:
                tensor, ranks = 1.0, tensor
        return replica_layout(tensor, pipeline, ranks, expert, self.shape), workers, True

    def _usual_layout(self) -> tuple[ReplicaLayout, float, bool] | str:
        """The narrowest replica that leaves room for a cache, experts spread over its chips."""
        chips = self.run.n_chips or 1.0
        key = (self.chip.key, self.run.model, self.precision, self.engine.key, min(chips, WIDEST))
        known = self.completer.layouts
        if key not in known:
            known[key] = self._narrowest(chips)
        layout = known[key]
        return "its weights do not fit" if layout is None else (layout, max(chips / float(layout.chips), 1.0), False)

    def _narrowest(self, chips: float) -> ReplicaLayout | None:
        layouts = narrow_layouts(chips, experts=float(self.shape.moe_layers) > 0)
        settings = [self.setting(each) for each in layouts]
        room = np.asarray(cache_room_bytes(replicas_of(settings, self.completer.factors)))
        return narrowest_with_room(layouts, room, float(settings[0].hardware.memory_bytes))

    def disaggregated(self, case: Case) -> Case:
        """The case with its prefill side."""
        run = self.run
        tensor, pipeline = sides_of(run.tp).prefill or 1.0, sides_of(run.pp).prefill or 1.0
        ranks, expert = sides_of(run.dp).prefill or 1.0, sides_of(run.ep).prefill or 1.0
        layout = replica_layout(tensor, pipeline, ranks, expert, self.shape)
        return replace(case, prefill=self.setting(layout), prefill_replicas=run.prefill_workers or 0.0)
