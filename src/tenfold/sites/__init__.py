"""Sites: what a run takes from the place it runs at, and what the place allows.

energy   power, energy, water and carbon from chips, PUE, WUE and the grid
limits   chips within a power connection; how much power is short
"""

from tenfold.sites.energy import SiteUse, carbon_kg, energy_j, facility_power_w, it_power_w, site_use, water_l
from tenfold.sites.limits import chips_within_power, it_power_within_w, power_short_w

__all__ = [
    "SiteUse",
    "carbon_kg",
    "chips_within_power",
    "energy_j",
    "facility_power_w",
    "it_power_w",
    "it_power_within_w",
    "power_short_w",
    "site_use",
    "water_l",
]
