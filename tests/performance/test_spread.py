"""How sure a prediction is, by regime."""

import dataclasses
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t

from tenfold.catalog import load_catalog
from tenfold.performance.evidence import left_of_offset, student_factor
from tenfold.performance.spread import Regime, spread_of
from tenfold.performance.training.setup import setup_training, training_constants

CONSTANTS = {
    "spread.dense.measured": 0.11,
    "spread.doubling": 0.01,
    "novelty.dense.chip": 0.12,
    "novelty.dense.kind": 0.08,
    "novelty.dense.width": 0.10,
    "novelty.dense.software": 0.09,
    "novelty.all.doubling": 0.07,
    "novelty.all.year": 0.05,
    "rows.hopper.dense.16bit": 40.0,
    "stacks.hopper.nemo-2024": 40.0,
    "largest.hopper.dense": 2048.0,
}


def regime(chips: float, family: str = "hopper", weight_bytes: float = 2.0) -> Regime:
    return Regime(family=family, weight_bytes=weight_bytes, chips=chips, moe=False, stacks=("nemo-2024",))


CATALOG = training_constants(load_catalog())
FAMILIES = [*sorted({key.split(".")[1] for key in CATALOG if key.startswith("rows.")}), "nobody"]
EVIDENCE = sorted(key for key in CATALOG if key.startswith(("rows.", "largest.", "stacks.")))
STACKS = sorted({key.split(".")[2] for key in CATALOG if key.startswith("stacks.")})


def test_scale_counts_only_beyond_the_largest_run() -> None:
    found = [spread_of(CONSTANTS, regime(chips)).log_spread for chips in (1, 8, 9, 512, 513, 2048, 2049)]
    assert found[0] > CONSTANTS["spread.dense.measured"]
    assert len(set(found[:-1])) == 1
    assert found[-1] > found[0]


@given(doublings=st.floats(0.01, 8.0))
def test_each_doubling_beyond_the_largest_run_widens_and_is_named(doublings: float) -> None:
    measured = spread_of(CONSTANTS, regime(2048.0)).log_spread
    found = spread_of(CONSTANTS, regime(2048.0 * 2.0**doublings))
    more = ((0.01 * doublings) ** 2 + 0.07**2 * doublings) * student_factor(40) ** 2
    assert math.isclose(found.log_spread, math.sqrt(measured**2 + more), rel_tol=1e-9)
    assert "the largest measured dense run on hopper has 2,048" in found.outside[0]
    assert found.scale_ratio is not None
    assert math.isclose(found.scale_ratio, 2.0**doublings)


def test_what_nobody_measured_is_wider_and_named() -> None:
    known, fp8 = spread_of(CONSTANTS, regime(64)), spread_of(CONSTANTS, regime(64, weight_bytes=1.0))
    other = spread_of(CONSTANTS, regime(64, family="else"))
    assert known.outside == ()
    assert other.log_spread > fp8.log_spread > known.log_spread
    assert other.log_spread > 0.16
    assert "no measured dense run at 8bit on hopper" in fp8.outside
    assert "priors only" in other.outside[0]
    new = dataclasses.replace(regime(64), known_software=False)
    assert spread_of(CONSTANTS, new).log_spread > known.log_spread
    assert "no measured run of its software" in spread_of(CONSTANTS, new).outside
    assert spread_of(CONSTANTS, dataclasses.replace(regime(64), years_ahead=2.0)).log_spread > known.log_spread


@given(
    family=st.sampled_from(FAMILIES),
    chips=st.sampled_from((8, 64, 1024, 16_384, 131_072)),
    weight_bytes=st.sampled_from((0.5, 1.0, 2.0)),
    moe=st.booleans(),
    stack=st.sampled_from([*STACKS, "nobody's"]),
    data=st.data(),
)
def test_removing_rows_never_narrows(
    family: str, chips: int, weight_bytes: float, moe: bool, stack: str, data: st.DataObject
) -> None:
    asked = Regime(family=family, weight_bytes=weight_bytes, chips=float(chips), moe=moe, stacks=(stack,))
    kept = dict(CATALOG)
    mine = [key for key in EVIDENCE if key.split(".")[1] == family]
    for key in data.draw(st.lists(st.sampled_from(mine or EVIDENCE), max_size=6)):
        share = data.draw(st.floats(0.0, 1.0))
        kept[key] = math.floor(kept.get(key, 0.0) * share)
        if not kept[key]:
            del kept[key]
            kept |= {key: 0.0} if data.draw(st.booleans()) else {}
    before, after = spread_of(CATALOG, asked), spread_of(kept, asked)
    assert after.log_spread >= before.log_spread - 1e-12


def test_far_from_what_was_measured_is_far_wider() -> None:
    near = spread_of(CATALOG, regime(16_384.0)).log_spread
    far = spread_of(CATALOG, regime(16_384.0, family="cdna3")).log_spread
    assert far > 1.8 * near


@given(rows=st.integers(0, 10_000))
def test_few_runs_are_as_wide_as_student_s_t(rows: int) -> None:
    assert student_factor(rows) == pytest.approx(t.ppf(0.9, 2 + rows) / 1.2815515655446006, rel=4e-3)
    assert student_factor(rows + 1) < student_factor(rows)


@given(tau=st.floats(0.0, 1.0), sigma=st.floats(0.01, 1.0), rows=st.integers(0, 1000))
def test_an_offset_is_learned_from_its_rows(tau: float, sigma: float, rows: int) -> None:
    assert left_of_offset(tau, rows + 1, sigma) <= left_of_offset(tau, rows, sigma) <= tau**2 + 1e-15


def test_a_part_that_no_run_had_makes_the_kind_new() -> None:
    """What is known of other models of the kind counts no more than for a kind that was never measured."""
    asked = Regime(family="hopper", weight_bytes=2.0, chips=256.0, moe=True)
    part = dataclasses.replace(asked, unmeasured_parts=("its sparse attention",))
    known, new = spread_of(CATALOG, asked), spread_of(CATALOG, part)
    without = {
        key: value for key, value in CATALOG.items() if not key.startswith(("rows.hopper.moe", "largest.hopper.moe"))
    }
    assert new.log_spread > known.log_spread
    assert new.log_spread <= spread_of(without, asked).log_spread
    assert "no measured run of a model with sparse attention" in new.outside
    assert new.new == "kind"


def test_the_setup_that_estimate_search_and_plan_share_says_it() -> None:
    catalog = load_catalog()
    for model, said in (("deepseek-v3.2", True), ("deepseek-v3", False)):
        setup = setup_training(
            catalog,
            chip="h200-sxm",
            model=catalog.model(model),
            precision="fp8",
            sequence_length=4096,
            global_batch=2048,
        )
        assert ("no measured run of a model with sparse attention" in setup.spread(512.0).outside) is said


def test_a_stack_that_nobody_measured_on_the_chip_is_wider_and_named() -> None:
    constants = CONSTANTS | {"novelty.dense.stack-on-chip": 0.1, "stacks.hopper.ours": 12.0}
    known, new = (
        spread_of(constants, dataclasses.replace(regime(64.0), stacks=(stack,))) for stack in ("ours", "theirs")
    )
    few = spread_of(constants | {"stacks.hopper.ours": 2.0}, dataclasses.replace(regime(64.0), stacks=("ours",)))
    assert known.log_spread < few.log_spread < new.log_spread
    assert (known.new, new.new) == ("source", "stack-on-chip")
    assert new.outside == ("no measured run of its software on hopper",)
