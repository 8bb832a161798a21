"""Energy of a run and limits of a site."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.sites import (
    chips_within_power,
    embodied_kg,
    market_based_kg,
    off_site_water_l,
    power_short_w,
    site_use,
)

MW, KWH = 1e6, 3.6e6


def test_better_pue_gives_27_percent_more_it_power() -> None:
    gain = chips_within_power(100 * MW, 1.0, 1.1) / chips_within_power(100 * MW, 1.0, 1.4)
    assert gain - 1 == pytest.approx(0.27, abs=0.005)


def test_a_day_of_a_thousand_chips_by_hand() -> None:
    use = site_use(
        chips=1000,
        power_w_per_chip=1275.0,
        duration_s=86_400.0,
        pue=1.2,
        wue_l_per_kwh=0.5,
        carbon_kg_per_kwh=0.4,
        drawn_share=0.8,
    )
    assert use.it_power_w == pytest.approx(1.02 * MW)
    assert use.facility_power_w == pytest.approx(1.224 * MW)
    assert use.it_energy_j == pytest.approx(24_480 * KWH)
    assert use.energy_j == pytest.approx(29_376 * KWH)
    assert use.water_l == pytest.approx(12_240)
    assert use.carbon_kg == pytest.approx(11_750.4)


def test_colossus_connection_carries_its_first_hundred_thousand() -> None:
    # 181 MW for 100,000 H100 (Epoch AI): 1,275 W a chip with hosts and network fits at PUE 1.4, not at 1.5.
    assert chips_within_power(181 * MW, 1275.0, 1.4, 8) > 100_000
    assert chips_within_power(181 * MW, 1275.0, 1.5, 8) < 100_000


@given(st.floats(1e4, 1e10), st.floats(100, 3000), st.floats(1, 2), st.sampled_from([1, 4, 8, 64, 72]))
def test_chips_fit_in_whole_groups_and_one_more_does_not(available: float, per_chip: float, pue: float, k: int) -> None:
    chips = float(chips_within_power(available, per_chip, pue, k))
    assert chips % k == 0
    assert power_short_w(chips * per_chip * pue, available * (1 + 1e-9)) == 0
    assert power_short_w((chips + k) * per_chip * pue, available) > 0


def test_unlimited_power_is_unlimited_chips() -> None:
    assert np.isinf(chips_within_power(np.inf, 1275.0, 1.2, 8))


def test_exact_fit_is_not_lost_to_rounding() -> None:
    assert chips_within_power(0.1 * 3 * MW, 0.1 * MW, 1.0) == 3


def test_columns_of_chips_and_sites() -> None:
    use = site_use(
        chips=np.array([8.0, 16.0])[:, None],
        power_w_per_chip=1275.0,
        duration_s=3600.0,
        pue=np.array([1.1, 1.2, 1.3]),
        wue_l_per_kwh=0.0,
        carbon_kg_per_kwh=np.array([0.0, 0.1, 0.2]),
    )
    assert np.shape(use.carbon_kg) == (2, 3)
    assert np.asarray(use.energy_j)[1] == pytest.approx(2 * np.asarray(use.energy_j)[0])
    assert np.asarray(use.carbon_kg)[0, 0] == 0


def test_carbon_of_contracts_of_machines_and_water_of_power_plants_by_hand() -> None:
    """A tenth of a life of 1,000 chips of 318 kg; 1 GWh at 4.5 L/kWh; 80 % of 400 t covered by contracts."""
    assert embodied_kg(1000.0, 318.0, 182.5, 1825.0) == pytest.approx(31_800.0)
    assert off_site_water_l(1e6 * KWH, 4.5) == pytest.approx(4.5e6)
    assert market_based_kg(400_000.0, 0.8) == pytest.approx(80_000.0)
    assert market_based_kg(400_000.0, 0.0) == 400_000.0
