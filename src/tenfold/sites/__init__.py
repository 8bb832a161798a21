"""Sites: what a run takes from the place it runs at, what the place allows, and training over several of them.

energy      power, energy, water and carbon from chips, PUE, WUE and the grid
limits      chips within a power connection; how much power is short
grid        power energised in stages; the day a demand fits
power       stages of a site by date: as stated, from when it is ready, on a day
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
    compute_use,
)
from tenfold.sites.energy import SiteUse, carbon_kg, energy_j, facility_power_w, it_power_w, site_use, water_l
from tenfold.sites.grid import day_it_fits, energised_w, ready_day
from tenfold.sites.limits import chips_within_power, power_short_w
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
from tenfold.sites.power import (
    Stage,
    date_it_fits,
    date_stages_fit,
    from_ready,
    power_on_w,
    ready_date,
    site_power_w,
    stated_stages,
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
    "Stage",
    "SyncCost",
    "SyncWork",
    "all_reduce_bytes",
    "all_reduce_s",
    "carbon_kg",
    "chinchilla_loss",
    "chips_within_power",
    "compute_use",
    "data_parallel_loss",
    "date_it_fits",
    "date_stages_fit",
    "day_it_fits",
    "diloco_loss",
    "energised_w",
    "energy_j",
    "exposed_s",
    "facility_power_w",
    "from_ready",
    "great_circle_km",
    "it_power_w",
    "latency_s",
    "loss_ratio",
    "power_on_w",
    "power_short_w",
    "ready_date",
    "ready_day",
    "round_trip_s",
    "site_power_w",
    "site_use",
    "stated_stages",
    "tokens_by_compute",
    "tokens_by_data_term",
    "transfer_s",
    "water_l",
]
