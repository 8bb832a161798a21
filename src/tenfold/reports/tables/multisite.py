"""The tables of an answer over several sites: verdict, sites, links, designs, what distance and bandwidth do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.text import Text

from tenfold.planning.multisite.plan import MultisiteAnswer, MultisiteDesign, Sensitivity
from tenfold.quantities import DAY_S
from tenfold.reports import wording
from tenfold.reports.tables.grid import Grid, grid_table, key_value_table, lines, terms_table

RANKED = 10


def multisite_tables(answer: MultisiteAnswer) -> tuple[RenderableType, ...]:
    """Give everything the answer says as rich renderables; the first is the verdict in one sentence."""
    parts: list[RenderableType] = []
    for part in _parts(answer):
        parts += [part, Text("")]
    return tuple(parts)


def verdict(answer: MultisiteAnswer) -> str:
    """Say the answer in one sentence."""
    best = answer.best
    if best is None:
        return f"No site can train {answer.model} from {answer.start.isoformat()} on"
    where = " and ".join(f"{site.name} ({wording.share(site.share)})" for site in best.sites)
    when = "never" if best.finish_date is None else best.finish_date.isoformat()
    cost = wording.number(best.cost_usd.p50, "USD")
    return (
        f"Train {answer.model} at {where}, {algorithm_text(best.algorithm, best.sync_steps)}: done on {when} for {cost}"
    )


def algorithm_text(algorithm: str, sync_steps: int) -> str:
    """Say an algorithm with its period."""
    return f"{algorithm} every {sync_steps} steps" if sync_steps > 1 else algorithm


def _parts(answer: MultisiteAnswer) -> Iterator[RenderableType]:
    yield Text(verdict(answer), style="bold green" if answer.best else "bold red")
    if answer.notes:
        yield lines("Decided for you", answer.notes)
    if answer.best is not None:
        yield from _best(answer, answer.best)
    if answer.infeasible:
        yield grid_table(*infeasible_grid(answer))
    if answer.one_campus:
        yield grid_table(*one_campus_grid(answer))
    for title, rows in (("longer", answer.distance), ("wider", answer.bandwidth)):
        if rows and answer.edges:
            yield grid_table(*sensitivity_grid(title, rows))
    yield Text(footer(answer), style="dim")


def _best(answer: MultisiteAnswer, best: MultisiteDesign) -> Iterator[RenderableType]:
    yield grid_table(*sites_grid(best))
    if best.links:
        yield grid_table(*links_grid(answer, best))
    yield key_value_table("The best design", best_pairs(best))
    seconds = {name: days * DAY_S for name, days in best.finish_terms_days.items()}
    yield terms_table("Where the days go, every input at P50", seconds, "s")
    yield grid_table(*designs_grid(answer, best))


def sites_grid(best: MultisiteDesign) -> Grid:
    """What each site does."""
    rows = [
        (
            site.name,
            f"{site.chips:,} × {site.chip}",
            f"{wording.share(site.share)}\n{site.sequences:,} sequences",
            wording.number(site.step_time_s, "s"),
            f"{site.power_mw:,.1f} MW",
            "" if site.layout is None else wording.layout_text(site.layout),
        )
        for site in best.sites
    ]
    return Grid("Sites", ("site", "chips", "of the batch", "step alone", "power", "layout"), tuple(rows), "  rrr ")


def links_grid(answer: MultisiteAnswer, best: MultisiteDesign) -> Grid:
    """What runs over each link."""
    rows = [
        (
            f"{link.first} – {link.second}",
            wording.number(edge.distance_km * 1e3, "m"),
            wording.number(edge.round_trip_s, "s"),
            gbit_text(link.bandwidth_bytes_per_s),
            gbit_text(link.mean_bytes_per_s),
            gbit_text(link.peak_bytes_per_s),
        )
        for link, edge in zip(best.links, answer.edges, strict=True)
    ]
    headers = ("link", "fibre", "round trip", "bandwidth", "mean use", "to hide all")
    return Grid("Links, one way", headers, tuple(rows), " rrrrr")


def gbit_text(bytes_per_s: float) -> str:
    """Print a bandwidth as networks state it."""
    gbit = bytes_per_s * 8 / 1e9
    return f"{gbit / 1e3:,.3g} Tbit/s" if gbit >= 1e3 else f"{gbit:.3g} Gbit/s"


def best_pairs(best: MultisiteDesign) -> list[tuple[str, str]]:
    """What there is to say about a design."""
    known = "" if best.loss_known else "; outside the range of the scaling law"
    extra = best.extra_tokens_share
    return [
        ("Finish", f"{wording.days(best.finish_days.p50)} ({wording.days_between(best.finish_days)})"),
        ("Cost", f"{wording.number(best.cost_usd.p50, 'USD')} ({wording.number_between(best.cost_usd, 'USD')})"),
        ("Step time", f"{wording.number(best.step_time_s.p50, 's')} ({wording.number_between(best.step_time_s, 's')})"),
        ("Compute use", wording.share(best.compute_use)),
        ("Goodput", f"{wording.share(best.goodput.p50)} ({wording.share_between(best.goodput)})"),
        ("Failures", "stay in their site" if best.isolates_failures else "stop all sites"),
        ("Tokens at equal loss", f"{wording.share(extra.p50)} more ({wording.share_between(extra)}){known}"),
        ("Power", f"{best.power_mw:,.1f} MW at the meters"),
    ]


def designs_grid(answer: MultisiteAnswer, best: MultisiteDesign) -> Grid:
    """The best designs, as they rank."""
    designs: Sequence[MultisiteDesign] = (best, *answer.alternatives)
    rows = [
        (
            f"{rank}",
            algorithm_text(design.algorithm, design.sync_steps),
            ", ".join(site.name for site in design.sites),
            f"{wording.days(design.finish_days.p50)}\n{wording.days_between(design.finish_days)}",
            f"{wording.number(design.cost_usd.p50, 'USD')}\n{wording.number_between(design.cost_usd, 'USD')}",
            wording.share(design.compute_use),
            wording.share(design.goodput.p50),
        )
        for rank, design in enumerate(designs[:RANKED], start=1)
    ]
    title = f"Designs, {answer.objective} first"
    title += f" ({RANKED} of {len(designs):,})" if len(designs) > RANKED else ""
    return Grid(title, ("", "algorithm", "sites", "finish", "cost", "compute use", "goodput"), tuple(rows), "r  rrrr")


def infeasible_grid(answer: MultisiteAnswer) -> Grid:
    """Sites that lack power on the first day."""
    rows = [
        (
            short.site,
            f"{short.need_mw:,.1f} MW",
            f"{short.available_mw:,.1f} MW",
            f"{short.short_mw:,.1f} MW",
            "never in the stages known" if short.fits_on is None else short.fits_on.isoformat(),
            short.nearest,
        )
        for short in answer.infeasible
    ]
    headers = ("site", "needs", "has", "short by", "fits on", "would fit with")
    return Grid("Short of power", headers, tuple(rows), " rrrr ")


def one_campus_grid(answer: MultisiteAnswer) -> Grid:
    """All chips at one place instead."""
    rows = [
        (
            one.site,
            f"{one.chips:,} × {one.chip}",
            wording.days(one.finish_days),
            wording.number(one.cost_usd, "USD"),
            f"{one.power_mw:,.1f} MW",
            "wins" if one.wins else "",
            one.why,
        )
        for one in answer.one_campus
    ]
    return Grid("All at one campus", ("site", "chips", "finish", "cost", "power", "", "why"), tuple(rows), "  rrr  ")


def sensitivity_grid(what: str, rows: Sequence[Sensitivity]) -> Grid:
    """The best answer with every link longer or wider."""
    table = [
        (
            f"{row.factor:g} ×",
            algorithm_text(row.algorithm, row.sync_steps),
            ", ".join(row.sites),
            wording.days(row.finish_days),
            wording.number(row.cost_usd, "USD"),
            f"{row.slowdown:.3f}",
        )
        for row in rows
    ]
    headers = ("", "best algorithm", "sites", "finish", "cost", "finish over now")
    return Grid(f"With every link {what}", headers, tuple(table), "r  rrr")


def footer(answer: MultisiteAnswer) -> str:
    """Say what made the answer."""
    overrides = f", changed by {', '.join(answer.catalog_overrides)}" if answer.catalog_overrides else ""
    considered = f"{answer.designs_considered:,} designs and {answer.layouts_considered:,} layouts considered"
    made = f"Tenfold {answer.tenfold_version}, catalog {answer.catalog_version}{overrides}, seed {answer.seed}."
    return f"{considered}. {made}"
