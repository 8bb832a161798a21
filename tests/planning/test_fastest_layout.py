"""One search: estimate, search and plan choose the same layout of the same cluster."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import tenfold
from tenfold.catalog import Catalog, default_software, load_catalog
from tenfold.performance.dialects import READERS
from tenfold.performance.hardware_of import figures_of
from tenfold.performance.layout import ASKED, LayoutWish
from tenfold.performance.layout.columns import in_terms
from tenfold.planning.estimate_config.question import FORMATS
from tenfold.planning.plan import Goal
from tenfold.planning.plan.train.candidates import find_runs
from tenfold.planning.plan.train.counts import Counts, trainable_chips
from tenfold.quantities import InputError, MissingFigureError
from tenfold.workloads.precision import PRECISIONS

CLUSTERS = (
    ("deepseek-v3", "h800-sxm", 2048, 15360, 4096),
    ("llama-3.1-405b", "h100-sxm", 4096, 2048, 8192),
    ("mixtral-8x7b", "a100-sxm-80gb", 64, 512, 4096),
    ("llama-3.1-70b", "tpu-v5p", 256, 512, 8192),
    ("llama-3.1-8b", "trainium2", 64, 256, 4096),
)
"""Model, chip, chips, global batch, sequence length."""
SMALL: dict[str, Any] = {"model": "llama-3.1-8b", "chip": "h100-sxm", "chips": 64, "global_batch": 512}


@pytest.mark.parametrize(("model", "chip", "chips", "batch", "sequence"), CLUSTERS)
def test_estimate_search_and_plan_agree(
    catalog: Catalog, goal: Goal, model: str, chip: str, chips: int, batch: int, sequence: int
) -> None:
    cluster: dict[str, Any] = {
        "model": model,
        "chip": chip,
        "chips": chips,
        "global_batch": batch,
        "sequence_length": sequence,
        "precision": "bf16",
        "software": default_software(catalog.chip(chip).vendor, catalog.software).key,
        "system": catalog.system_of(chip).key,
    }
    estimate = tenfold.estimate_training(**cluster, catalog=catalog)
    first = tenfold.search_training(**cluster, top=1, catalog=catalog).best[0]
    assert (estimate.layout, estimate.step_time_s) == (first.layout, first.step_time_s)
    asked = replace(goal, model=model, global_batch=batch, sequence_length=sequence, deadline_s=None)
    runs = find_runs(catalog, asked, catalog.model(model), (chip,), Counts(most=chips))
    (place,) = (place for place in range(len(runs)) if runs.chips[place] == chips)
    assert in_terms(runs.layout.at(place)) == first.layout
    assert runs.step_s[place] == pytest.approx(first.step_time_s.p50, rel=1e-12)


def test_what_is_held_is_held_in_a_search_too(catalog: Catalog) -> None:
    wish = LayoutWish(tp=4, schedule="zero-bubble", data_overlap=False)
    found = tenfold.search_training(**SMALL, layout=wish, top=50, catalog=catalog)
    assert len(found.best) == 50
    for row in found.best:
        assert (row.layout.tp, row.layout.schedule, row.layout.data_overlap) == (4, "zero-bubble", False)
    held = tenfold.estimate_training(**SMALL, tp=4, schedule="zero-bubble", data_overlap=False, catalog=catalog)
    assert held.layout == found.best[0].layout
    assert set(held.chosen) == {name for name, each in ASKED.items() if each.searched} - {
        "tp",
        "schedule",
        "data_overlap",
    }
    with pytest.raises(InputError, match="do not divide"):
        tenfold.search_training(**SMALL, tp=5, catalog=catalog)


def test_a_wish_for_a_layout_gives_that_layout(catalog: Catalog) -> None:
    cluster = SMALL | {"precision": "bf16", "software": "megatron-bridge-2026", "system": "hgx-h100"}
    free = tenfold.estimate_training(**cluster, catalog=catalog)
    again = tenfold.estimate_training(**cluster, layout=free.layout.wish, catalog=catalog)
    assert (again.layout, again.chosen) == (free.layout, ())
    assert again.step_time_s.p50 == pytest.approx(free.step_time_s.p50, rel=1e-6)
    assert free.step_time_s.p10 < again.step_time_s.p10 < again.step_time_s.p90 < free.step_time_s.p90


def test_a_share_of_the_peak_is_said_to_be_of_the_likeliest_precision(catalog: Catalog) -> None:
    silent = tenfold.estimate_training(**SMALL, catalog=catalog)
    told = tenfold.estimate_training(**SMALL, precision="bf16", catalog=catalog)
    assert any("against the peak of the first" in note for note in silent.notes)
    assert not any("against the peak of the first" in note for note in told.notes)


STATED: Any = {
    "precision": "bf16",
    "software": "megatron-bridge-2026-06",
    "network": "200 Gbit/s",
    "system": "hgx-h100",
}


@pytest.mark.parametrize("name", sorted(STATED))
def test_stating_an_input_narrows_the_range_and_keeps_its_median_inside(catalog: Catalog, name: str) -> None:
    silent = tenfold.estimate_training(**SMALL, tp=1, pp=1, zero=3, catalog=catalog).step_time_s
    told = tenfold.estimate_training(**SMALL, tp=1, pp=1, zero=3, **{name: STATED[name]}, catalog=catalog).step_time_s
    assert silent.p10 <= told.p50 <= silent.p90
    assert told.p90 / told.p10 <= silent.p90 / silent.p10


def test_the_published_layout_of_deepseek_v3_holds_its_published_speed(catalog: Catalog) -> None:
    """2.664 million H800 hours for 14.8 trillion tokens [DeepSeek-V3 2024, section 1]: 1,543 tokens/s per chip."""
    found = tenfold.estimate_training(
        model="deepseek-v3", chip="h800-sxm", chips=2048, global_batch=15360, sequence_length=4096, precision="fp8",
        tp=1, pp=16, ep=64, zero=1, schedule="dualpipe", catalog=catalog,
    )  # fmt: skip
    assert found.fits
    assert found.tokens_per_s_per_chip.p10 <= 14.8e12 / 2.664e6 / 3600.0 <= found.tokens_per_s_per_chip.p90


def test_software_says_which_schedules_are_searched(tmp_path: Path) -> None:
    shipped = Path(tenfold.__file__).parent / "catalog" / "data" / "software" / "megatron-lm-2024.toml"
    (tmp_path / "software").mkdir()
    own = tmp_path / "software" / "our-stack.toml"
    text = shipped.read_text().replace("default_for", "# default_for")
    own.write_text(f'schedules = ["1f1b", "zero-bubble"]\n{text.replace("Megatron-LM", "Our stack")}')
    cluster = SMALL | {"pp": 8, "vpp": 1}
    catalog = load_catalog([tmp_path])
    ours, theirs = (
        tenfold.estimate_training(**cluster, software=name, catalog=catalog)
        for name in ("our-stack", "megatron-lm-2024")
    )
    assert (ours.layout.schedule, theirs.layout.schedule) == ("zero-bubble", "1f1b")
    own.write_text(own.read_text().replace("zero-bubble", "no-bubble"))
    with pytest.raises(InputError, match="unknown 'no-bubble'"):
        tenfold.estimate_training(**SMALL, software="our-stack", catalog=load_catalog([tmp_path]))


def test_every_figure_of_a_setup_is_found_by_its_name(catalog: Catalog) -> None:
    looked = 0
    for chip in (catalog.chip(key) for key in trainable_chips(catalog)):
        for precision in PRECISIONS:
            try:
                named = figures_of(catalog, chip, catalog.system_of(chip), precision)
            except MissingFigureError:
                continue
            assert all(catalog.figure_of(name) == figure for name, figure in named), (chip.key, precision)
            looked += 1
    assert looked > len(trainable_chips(catalog))


def test_formats_of_configurations_are_those_that_are_read() -> None:
    assert tuple(READERS) == FORMATS


DEEPSPEED = {"train_micro_batch_size_per_gpu": 1, "gradient_accumulation_steps": 8, "zero_optimization": {"stage": 3},
             "bf16": {"enabled": True}}  # fmt: skip


def test_a_configuration_in_json_is_no_question(catalog: Catalog, tmp_path: Path) -> None:
    file = tmp_path / "ds_config.json"
    file.write_text(json.dumps(DEEPSPEED))
    beside: dict[str, Any] = {"chip": "h100-sxm", "chips": 64, "model": "llama-3.1-8b", "sequence_length": 8192}
    named, given = (
        tenfold.estimate_config(file, **beside, catalog=catalog),
        tenfold.estimate_config(file=file, **beside, catalog=catalog),
    )
    assert named == given
    assert (named.format, named.estimate.layout.zero, named.estimate.global_batch) == ("deepspeed", 3, 512)
    question = tmp_path / "question.json"
    question.write_text(json.dumps({"file": file.name, "chip": "h100-sxm", "chips": 64} | beside))
    assert tenfold.estimate_config(question, catalog=catalog).estimate == named.estimate


def test_a_configuration_is_asked_in_our_own_terms(catalog: Catalog, tmp_path: Path) -> None:
    file = tmp_path / "ds_config.json"
    file.write_text(json.dumps(DEEPSPEED))
    found = tenfold.estimate_config(
        file, chip="h100-sxm", chips=64, model="llama-3.1-8b", sequence_length=8192, catalog=catalog
    ).estimate
    assert tenfold.estimate_training(found.question, catalog=catalog) == found
    tight = tenfold.estimate_config(
        file, chip="h100-sxm", chips=8, model="llama-3.1-70b", sequence_length=8192, catalog=catalog
    )
    assert not tight.fits
    assert tight.estimate.shortage is not None
