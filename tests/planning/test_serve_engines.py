"""Engines that a goal leaves free: which are tried, that the best is no worse than any, that chips stay one kind."""

from __future__ import annotations

from dataclasses import replace

import pytest
from serving_plans import CATALOG, H100, SERVICE, held, planned

from tenfold.catalog import default_engine
from tenfold.performance.serving import serving_factors
from tenfold.planning.engines import engines_for

FACTORS = serving_factors(CATALOG)


@pytest.mark.parametrize("chip", ["h100-sxm", "mi300x", "tpu-v6e", "ascend-910b"])
def test_engines_are_those_of_the_vendor_and_those_measured_each_in_its_latest_vintage(chip: str) -> None:
    record = CATALOG.chip(chip)
    found = engines_for(CATALOG, record, None, "fp8", FACTORS)
    assert found[0] == default_engine(record.vendor, CATALOG.engines)
    assert len({each.engine for each in found}) == len(found)
    for each in found:
        assert each.since == max(other.since for other in CATALOG.engines.values() if other.engine == each.engine)
    assert engines_for(CATALOG, record, "sglang-2026", "fp8", FACTORS) == (CATALOG.engines["sglang-2026"],)


def test_a_free_engine_is_never_dearer_than_one_that_is_named() -> None:
    free = planned(means=H100)
    assert free.best is not None
    assert free.engines[0].engine == free.best.engine
    assert [each.holds_usd for each in free.engines] == sorted(each.holds_usd for each in free.engines)
    for each in free.engines:
        named = planned(replace(SERVICE, engine=each.engine))
        assert held(free) <= held(named) * (1.0 + 1e-9)
        assert len(named.engines) == 1
    kinds = [(each.chip, each.supply) for each in (free.best, *free.alternatives)]
    assert len(set(kinds)) == len(kinds)


def test_a_chip_that_carries_with_no_engine_is_said_once() -> None:
    found = planned(replace(SERVICE, slo_tpot_s=1e-3))
    assert found.best is None
    chips = [each.chip for each in found.infeasible if each.reasons[0].kind == "latency"]
    assert chips == ["h100-sxm"]
