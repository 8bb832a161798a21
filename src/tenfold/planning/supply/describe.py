"""What any design is described with: energy at its site, and its finish, bill and wall time split into terms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from tenfold.catalog import Site
from tenfold.planning.supply.evaluate import charged_terms_usd, rent_terms_usd
from tenfold.planning.supply.held import Duration, Outcome
from tenfold.planning.supply.rows import Rows
from tenfold.quantities import DAY_S, Column, Floats, Indices, Percentiles, Points
from tenfold.sites import SiteUse, site_use


def energy_of(rows: Rows, points: Points, run_days: Floats, sites: Sequence[Site]) -> SiteUse:
    """Power, energy, water and carbon of rows at their sites; owned rows power their spares too."""
    index = rows.index
    spares = np.where(rows.owned[:, None], points.of("spares", index), 0.0)
    wue = np.array([site.wue_l_per_kwh for site in sites])[rows.site]
    carbon = np.array([site.carbon_kg_per_kwh for site in sites])[rows.site]
    return site_use(
        chips=rows.chips[:, None] * (1.0 + spares),
        power_w_per_chip=points.of("rated_w", index),
        duration_s=run_days * DAY_S,
        pue=points.of("pue", index),
        wue_l_per_kwh=wue[:, None],
        carbon_kg_per_kwh=carbon[:, None],
        drawn_share=points.of("drawn_share", index),
    )


LOST = ("checkpoint", "lost_work", "restart")
"""Where the time goes that a design does not work, under the policy it is priced with."""
AWAY = "waiting_for_spares"
"""What goes to chips that their provider took back, where it can."""


def _lost(drawn: Duration) -> tuple[str, ...]:
    """Losses that a design can have."""
    return (*LOST, AWAY) if np.any(drawn.working.waiting_for_spares) else LOST


def goodput_terms(drawn: Duration) -> Mapping[str, float]:
    """Shares of wall time around the median goodput; a run that never ends is all restarts."""
    works = drawn.working
    losses = {name: getattr(works, name) for name in _lost(drawn)}
    terms = split_at_median(losses, 1.0 - works.productive)
    return {"productive": 1.0 - sum(terms.values())} | terms


def _days(run_days: Floats, share: Floats) -> Floats:
    """Days of a run that go to a share of it; none where it never ends and the share is nothing."""
    with np.errstate(invalid="ignore"):
        return np.where(share > 0.0, run_days * share, 0.0)


def finish_terms_days(drawn: Duration) -> Mapping[str, float]:
    """Days by use around the median finish, which they add up to."""
    works, run = drawn.working, drawn.run_days
    lines = {"waiting": drawn.lead_days, "setup": drawn.setup_days} | {
        name: _days(run, getattr(works, name)) for name in ("productive", *_lost(drawn))
    }
    return split_at_median(lines, drawn.finish_days)


def cost_terms_usd(rows: Rows, draws: Points, drawn: Outcome) -> Iterator[tuple[Percentiles, Mapping[str, float]]]:
    """Cost and the lines of the bill around its median, USD, which they add up to, at each site that prices differ at.

    ``rows`` are one design, at several sites where it is owned.
    """
    lines = (charged_terms_usd if bool(rows.owned[0]) else rent_terms_usd)(rows, draws, drawn.duration)
    for site, total in enumerate(drawn.cost_usd):
        yield Percentiles.of(total), split_at_median({name: at_site(line, site) for name, line in lines.items()}, total)


def at_site(values: Column, site: int) -> Floats:
    """Row of a site, of values that may be the same at all sites."""
    rows = np.asarray(values)
    return np.asarray(rows[site if len(rows) > 1 else 0])


def split_at_median(lines: Mapping[str, Column], total: Floats) -> dict[str, float]:
    """Split the median of a total into its lines: their means over the tenth of the draws around the median.

    The mean of that tenth differs a little from the median, so the lines are scaled to add up to it. An infinite
    median has no lines.
    """
    middle = Percentiles.of(total).p50
    if not np.isfinite(middle):
        return dict.fromkeys(lines, 0.0)
    around = _around_median(total.ravel())
    means = {name: _mean(line, around) for name, line in lines.items()}
    whole = sum(means.values())
    return {name: mean * middle / whole if whole else 0.0 for name, mean in means.items()}


def _mean(line: Column, places: Indices) -> float:
    """Mean of a line over some draws; of one that is the same in all, itself."""
    values = np.asarray(line).ravel()
    return float(values[places].mean() if len(values) > 1 else values[0])


def _around_median(values: Floats) -> Indices:
    """Places of the tenth of the values around the median, by rising value; equals keep their order."""
    first, last = int(0.45 * len(values)), int(0.55 * len(values))
    low, high = np.partition(values, (first, last))[[first, last]]
    inside = np.flatnonzero((values >= low) & (values <= high))
    ordered = inside[np.argsort(values[inside], kind="stable")]
    before = first - np.count_nonzero(values < low)
    return ordered[before : before + last - first + 1]
