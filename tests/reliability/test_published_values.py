"""Published failure statistics, reproduced."""

import numpy as np
import pytest

from tenfold.reliability import checkpoint_bytes, ettr_first_order, failure_rate_per_s, mttf_s, write_time_s

HOUR, MINUTE = 3600.0, 60.0


def test_llama_3_rate_and_mean_time_to_interruption() -> None:
    per_1000_node_days = 419 / (54 * 2048) * 1000
    assert per_1000_node_days == pytest.approx(3.79, abs=0.005)
    assert mttf_s(failure_rate_per_s(per_1000_node_days, 16_384)) / HOUR == pytest.approx(3.09, abs=0.005)


def test_rsc_1_projections_as_one_column() -> None:
    hours = mttf_s(failure_rate_per_s(6.50, np.array([16_384.0, 131_072.0]))) / HOUR
    assert hours == pytest.approx([1.80, 0.225], abs=0.005)


def test_rsc_1_ettr_with_five_minutes() -> None:
    ettr = ettr_first_order(failure_rate_per_s(6.50, 16_384), 5 * MINUTE, 5 * MINUTE)
    assert ettr == pytest.approx(0.93, abs=0.005)


def test_rsc_2_rate_at_100k_needs_minutes() -> None:
    # Published: about 2 minutes for interval and restart give 0.9. To first order 3.3 minutes are the limit.
    rate = failure_rate_per_s(2.34, 100_000)
    assert ettr_first_order(rate, 2 * MINUTE, 2 * MINUTE) > 0.9
    assert ettr_first_order(rate, 3.28 * MINUTE, 3.28 * MINUTE) == pytest.approx(0.9, abs=0.001)
    assert ettr_first_order(rate, 5 * MINUTE, 5 * MINUTE) < 0.86


def test_first_order_turns_negative_where_it_does_not_hold() -> None:
    assert ettr_first_order(failure_rate_per_s(6.50, 131_072), HOUR, 10 * MINUTE) < 0


def test_bloom_checkpoint() -> None:
    saved = checkpoint_bytes(176.25e9, 13.05)
    assert saved == pytest.approx(2.3e12, rel=0.001)
    assert write_time_s(saved, 48, 1.2e9) == pytest.approx(40, rel=0.01)


def test_no_failures_means_infinite_time() -> None:
    assert np.isinf(mttf_s(0.0))
