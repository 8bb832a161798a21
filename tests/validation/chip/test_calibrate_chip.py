"""Constants of a chip come back from measurements it would give, and measurements of something else are refused."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from synthetic_chip import ALL_REDUCE_BYTES_PER_S, STEP_S, Truth, measured_by

import tenfold as public
from tenfold.catalog import load_catalog
from tenfold.performance import calibrations_of
from tenfold.performance.training import measured_until, training_constants
from tenfold.quantities import InputError
from tenfold.validation.chip.chip import answer
from tenfold.validation.chip.measured import Measured, Measurement, measured_text, read_measured
from tenfold.validation.chip.overlay import joined_fabric, overlay_files
from tenfold.validation.chip.question import CalibrateChipQuestion
from tenfold.validation.chip.reached import attention_factor, product_factor
from tenfold.validation.chip.steps import shape_of
from tenfold.workloads import total_parameters

CATALOG = load_catalog()
TRUTH = Truth(efficiency={"bf16": 0.82, "fp8": 0.7})
CHIP = "h100-sxm"


def asked(measured: Measured, folder: Path) -> public.CalibrateChipAnswer:
    place = folder / "measurements.json"
    place.write_text(measured_text(measured), encoding="utf-8")
    return answer(CalibrateChipQuestion(measurements=str(place), chip=CHIP), CATALOG)


@settings(max_examples=8, deadline=None)
@given(
    wide=st.floats(0.3, 0.9),
    narrow=st.floats(0.3, 0.9),
    attention=st.floats(0.2, 0.8),
    memory=st.floats(0.5, 0.95),
    sustained=st.floats(0.75, 1.0),
    seed=st.integers(0, 99),
)
def test_the_constants_that_made_the_times_come_back(
    tmp_path_factory: pytest.TempPathFactory,
    wide: float,
    narrow: float,
    attention: float,
    memory: float,
    sustained: float,
    seed: int,
) -> None:
    truth = Truth(
        efficiency={"bf16": wide, "fp8": narrow}, attention=attention, memory=memory, sustained=sustained, noise=0.002
    )
    measured = measured_by(truth, seed)
    found = asked(measured, tmp_path_factory.mktemp("chip")).constants
    before, chip, day = training_constants(CATALOG), CATALOG.chip(CHIP), measured.machine.day
    known = {
        'hopper.matmul_efficiency.16bit': wide * sustained / product_factor(before, CATALOG, chip, 2.0, day),
        'hopper.matmul_efficiency.8bit': narrow * before["all.sustained_share"]
        / product_factor(before, CATALOG, chip, 1.0, day),
        "hopper.attention_efficiency": attention / attention_factor(before, CATALOG, chip, day),
        "hopper.memory_efficiency": memory,
    }  # fmt: skip
    for key, value in known.items():
        assert found[key].measured.p50 == pytest.approx(value, rel=0.03), key
    assert found["hopper.attention_backward_ratio"].measured.p50 == pytest.approx(truth.backward, rel=0.02)
    assert found["hopper.matmul_wave_area"].measured.p50 == pytest.approx(truth.wave_area, rel=0.25)
    for constant in found.values():
        assert constant.measured.p10 <= constant.measured.p50 <= constant.measured.p90


def test_noisier_measurements_give_no_narrower_range(tmp_path: Path) -> None:
    def width(noise: float) -> float:
        measured = measured_by(replace(TRUTH, noise=noise), seed=3)
        spread = asked(measured, tmp_path).constants["hopper.memory_efficiency"].measured
        return math.log(spread.p90 / spread.p10)

    assert width(0.001) < width(0.01) < width(0.05)


def test_collectives_become_the_fabric(tmp_path: Path) -> None:
    fabric = asked(measured_by(TRUTH), tmp_path).fabrics["nvlink-switch"]
    assert fabric.efficiency.p50 == pytest.approx(ALL_REDUCE_BYTES_PER_S / 450e9, rel=0.02)
    assert fabric.latency_s is not None
    assert fabric.latency_s.p50 == pytest.approx(STEP_S, rel=0.02)


def test_the_overlay_is_what_estimates_use(tmp_path: Path) -> None:
    found = asked(measured_by(TRUTH), tmp_path)
    for name, text in overlay_files(found).items():
        place = tmp_path / "own" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    own = load_catalog([tmp_path / "own"])
    constants = training_constants(own)
    for key, constant in found.constants.items():
        assert constants[key] == pytest.approx(constant.measured.p50, rel=1e-4)
    others = {key: value for key, value in training_constants(CATALOG).items() if key not in found.constants}
    assert {key: constants[key] for key in others} == others
    assert own.fabric("nvlink-switch").efficiency == pytest.approx(0.72, rel=0.02)
    assert measured_until(own) == measured_until(CATALOG), "kernels are no runs: nothing is less far ahead"
    assert all(not each.rows for each in calibrations_of(own, "training", "training-priors") if "measured" in each.key)
    asks: dict[str, object] = {"model": "llama-3.1-8b", "chip": CHIP, "chips": 8, "global_batch": 64}
    asks |= {"precision": "bf16", "software": "megatron-lm-2024"}
    before, after = (public.estimate_training(asks, catalog=each) for each in (CATALOG, own))
    assert before.step_time_s.p50 != after.step_time_s.p50
    width = [each.step_time_s.p90 / each.step_time_s.p10 for each in (before, after)]
    assert width[1] >= width[0] * (1 - 1e-9)


def test_a_figure_of_a_fabric_that_was_not_measured_again_is_kept() -> None:
    both, one = "latency = { value = 1 }\nefficiency = { value = 0.5 }\n", "efficiency = { value = 0.7 }\n"
    assert joined_fabric("fabrics/x.toml", one, both) == "latency = { value = 1 }\nefficiency = { value = 0.7 }\n"
    with pytest.raises(InputError, match="would be lost"):
        joined_fabric("fabrics/x.toml", one, 'name = "mine"\n')


def step(**sizes: float) -> Measurement:
    model = {"hidden": 1024.0, "layers": 24.0, "heads": 16.0, "ffn": 2816.0, "vocab": 32768.0}
    sizes = model | {"tokens": 2048.0, "batch": 4.0} | sizes
    return Measurement(kind="train_step", format="bf16", sizes=sizes, seconds=(0.19, 0.2, 0.21))


def test_a_measured_step_stands_beside_its_predictions(tmp_path: Path) -> None:
    measured = measured_by(TRUTH)
    found = asked(replace(measured, timed=(*measured.timed, step())), tmp_path)
    (one,) = found.steps
    by_hand = 2 * 32768 * 1024 + 24 * (4 * 1024**2 + 3 * 1024 * 2816 + 2 * 1024) + 1024
    assert one.parameters == pytest.approx(by_hand)
    assert one.parameters == float(total_parameters(shape_of(step())))
    assert one.measured_s == 0.2
    assert one.before.p50 != one.after.p50
    assert one.after.p90 / one.after.p10 == pytest.approx(one.before.p90 / one.before.p10)


def refusal(measured: Measured, folder: Path) -> str:
    with pytest.raises(InputError) as refused:
        asked(measured, folder)
    return str(refused.value)


def test_nonsense_is_refused_with_every_reason(tmp_path: Path) -> None:
    assert "others used 60%" in refusal(measured_by(TRUTH, others_share=0.6), tmp_path)
    assert "too noisy" in refusal(measured_by(replace(TRUTH, noise=0.3)), tmp_path)
    assert "throttled: 40% of the speed was left" in refusal(measured_by(replace(TRUTH, sustained=0.4)), tmp_path)
    fast = refusal(measured_by(Truth(efficiency={"bf16": 1.4}, memory=1.3)), tmp_path)
    assert "bf16 products reach" in fast
    assert "of the memory bandwidth" in fast
    slow = refusal(measured_by(Truth(efficiency={"bf16": 0.005})), tmp_path)
    assert "'a chip that was made up' was measured, h100-sxm was named" in slow
    several = refusal(measured_by(replace(TRUTH, sustained=0.4), others_share=0.6), tmp_path)
    assert "others used" in several
    assert "throttled" in several


def test_too_little_to_fit_is_said(tmp_path: Path) -> None:
    measured = measured_by(TRUTH)
    few = replace(measured, timed=tuple(each for each in measured.timed if each.kind == "launch"))
    found = asked(few, tmp_path)
    assert not found.constants
    assert not found.fabrics
    assert {note.split()[0] for note in found.notes} >= {"Memory", "0"}
    assert "launch" in found.rates
    assert list(overlay_files(found)) == ["sources/own-chip-measurements.toml"]


def test_a_format_without_a_peak_says_nothing(tmp_path: Path) -> None:
    place = tmp_path / "measurements.json"
    place.write_text(measured_text(measured_by(Truth(efficiency={"bf16": 0.8, "fp8": 0.4}))), encoding="utf-8")
    question = CalibrateChipQuestion(measurements=str(place), chip="a100-sxm-80gb")
    with pytest.raises(InputError, match="bf16 products reach") as refused:
        answer(question, CATALOG)
    assert "fp8" not in str(refused.value)


def test_a_file_reads_back_and_every_problem_of_it_is_said(tmp_path: Path) -> None:
    place = tmp_path / "measurements.json"
    measured = measured_by(TRUTH)
    place.write_text(measured_text(measured), encoding="utf-8")
    assert read_measured(place) == measured
    bad = (
        *measured.timed[:1],
        *measured.timed[:1],
        Measurement(kind="memory", format="bf16", sizes={"size": 1.0}, seconds=(1.0,)),
        Measurement(kind="launch", format="bf16"),
    )
    place.write_text(measured_text(replace(measured, timed=bad)), encoding="utf-8")
    with pytest.raises(InputError) as refused:
        read_measured(place)
    said = str(refused.value)
    assert "is there twice" in said
    assert "has not the sizes of 'memory'" in said
    assert "no sample" in said
