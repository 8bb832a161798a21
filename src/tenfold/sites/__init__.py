"""Sites: what a run takes from the place it runs at, what the place allows, and training over several of them.

energy      power, energy, water and carbon from chips, PUE, WUE and the grid
limits      chips within a power connection; how much power is short
grid        power energised in stages; the day a demand fits; price and carbon by hour
wan         fibre between sites: latency, distance, transfers, all-reduces
algorithms  rivals for training over several sites: traffic, exposed time, failure isolation
loss        what synchronising rarely costs in loss, and the tokens that make up for it
"""

from tenfold.sites.algorithms import (
    ALGORITHMS,
    EVERY_STEP,
    Algorithm,
    SyncCost,
    SyncWork,
    bytes_per_s_for_use,
    compute_use,
)
from tenfold.sites.energy import SiteUse, carbon_kg, energy_j, facility_power_w, it_power_w, site_use, water_l
from tenfold.sites.grid import day_it_fits, energised_w, hourly, mean_over_hours, ready_day, share_of_capacity
from tenfold.sites.limits import chips_within_power, it_power_within_w, power_short_w
from tenfold.sites.loss import (
    EQUAL_LOSS,
    LossRatio,
    chinchilla_loss,
    data_parallel_loss,
    diloco_loss,
    loss_ratio,
    tokens_by_compute,
    tokens_by_data_term,
)
from tenfold.sites.wan import (
    FIBRE_S_PER_KM,
    all_reduce_bytes,
    all_reduce_s,
    exposed_s,
    great_circle_km,
    latency_s,
    round_trip_s,
    transfer_s,
)

__all__ = [
    "ALGORITHMS",
    "EQUAL_LOSS",
    "EVERY_STEP",
    "FIBRE_S_PER_KM",
    "Algorithm",
    "LossRatio",
    "SiteUse",
    "SyncCost",
    "SyncWork",
    "all_reduce_bytes",
    "all_reduce_s",
    "bytes_per_s_for_use",
    "carbon_kg",
    "chinchilla_loss",
    "chips_within_power",
    "compute_use",
    "data_parallel_loss",
    "day_it_fits",
    "diloco_loss",
    "energised_w",
    "energy_j",
    "exposed_s",
    "facility_power_w",
    "great_circle_km",
    "hourly",
    "it_power_w",
    "it_power_within_w",
    "latency_s",
    "loss_ratio",
    "mean_over_hours",
    "power_short_w",
    "ready_day",
    "round_trip_s",
    "share_of_capacity",
    "site_use",
    "tokens_by_compute",
    "tokens_by_data_term",
    "transfer_s",
    "water_l",
]
