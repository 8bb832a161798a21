"""Numbers of the race in words, with their units, and how they are printed."""

from __future__ import annotations

from collections.abc import Mapping

from tenfold.quantities import Percentiles
from tenfold.race import MOSTLY, CaseAnswer
from tenfold.reports.charts.chart import printer

BASE = "base"
NUMBERS: Mapping[str, tuple[str, str]] = {
    "h100e": ("H100e in all", "count"),
    "power_w": ("Power", "W"),
    "capex_usd": ("Capex of the quarter", "USD"),
    "rental_usd_per_hour": ("Rent of an H100e", "USD/h"),
    "price_usd_per_h100e": ("Price of an H100e from NVIDIA", "USD"),
    "utilisation": ("Utilisation", "share"),
    "cr5": ("The five largest hold", "share"),
    "hhi": ("HHI of owners", "share"),
    "nvidia_share": ("NVIDIA's share of sales", "share"),
    "amd_share": ("AMD's share of sales", "share"),
    "custom_share": ("Share of sales of silicon of the owners' own", "share"),
    "domestic_share": ("Share of sales of Chinese chips", "share"),
    "us_run_flop": ("Largest run, US", "FLOP"),
    "china_run_flop": ("Largest run, China", "FLOP"),
    "us_index": ("Index of the US", "1"),
    "china_index": ("Index of China", "1"),
    "china_lag_months": ("China behind the US in what models can do, months", "1"),
    "china_run_lag_months": ("China behind the US in the largest run, months", "1"),
    "china_h100e_share": ("China's share of all owners' H100e", "share"),
    "iterations_per_year": ("Largest runs a year", "1"),
    "stranded_usd": ("Stranded capital", "USD"),
    "alive": ("Players left", "1"),
}
"""Numbers of the world in words, with their units."""
BLOCK_UNITS: Mapping[str, str] = {
    **dict.fromkeys(("capex", "nvidia_revenue"), "USD"),
    **dict.fromkeys(("nvidia_sold", "tpu_sold", "owners"), "count"),
    **dict.fromkeys(("concentration", "china"), "share"),
    "largest_run": "FLOP",
}
"""Of what a block foretells."""
CHANCES: Mapping[str, str] = {
    "five_hold_90_percent_at_the_end": "Five players or fewer hold more than 90 % at the end",
    "five_hold_90_percent_in_10_quarters": "The same after ten quarters",
    "three_hold_half_at_the_end": "Three hold more than half at the end",
    "idle_above_half_at_some_time": "More than half stands idle at some time",
    "an_hour_earns_less_than_it_costs_at_some_time": "An hour earns less than it costs at some time",
    "a_top_10_player_fails": "One of the ten largest players fails",
    "china_leads_at_the_end": "China leads at the end",
    "china_lag_is_assumed_at_the_end": "China's lag in what models can do is what is assumed of copying, at the end",
    "china_below_the_us_run_of_the_start_at_the_end": "China has not passed the US run of the start at the end",
}
QUALIFIED: Mapping[str, tuple[str, str]] = {
    "china_lag_months": ("china_lag_is_assumed_at_the_end", "assumed"),
    "china_run_lag_months": ("china_below_the_us_run_of_the_start_at_the_end", "since a run not passed"),
}
"""Numbers that are something else than found where a chance is mostly so, and what is said beside them."""
EXIT = "Quarters after which an investor in all of it should have left"
"""With hindsight: what all fleets earn to the end no longer covers what they cost."""


def named(number: str, case: CaseAnswer) -> str:
    """Name a number of the last quarter, with what it is there where it is not found."""
    words = NUMBERS[number][0]
    chance, said = QUALIFIED.get(number, ("", ""))
    return f"{words} ({said})" if chance and case.chances[chance] > MOSTLY else words


def shown(value: float, unit: str) -> str:
    """Print a number in its unit."""
    return f"{value:.1f}" if unit == "1" else printer(unit)(value)


def spread_of(spread: Percentiles, unit: str) -> str:
    """Print P50 (P10 – P90)."""
    return f"{shown(spread.p50, unit)} ({shown(spread.p10, unit)} – {shown(spread.p90, unit)})"
