"""The report of a run over several sites: sites and links, the best design, rivals, what distance and bandwidth do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tenfold.planning.multisite import MultisiteAnswer, MultisiteDesign, Sensitivity
from tenfold.quantities import SPREAD_TERM
from tenfold.reports import wording
from tenfold.reports.cards import Card, spread_card
from tenfold.reports.charts import Axis, Line, lines, stacked, waterfall
from tenfold.reports.explain import Topic, Topics
from tenfold.reports.multisite_places import places
from tenfold.reports.offers import offer_words
from tenfold.reports.report import Pairs, Report, Section, Table, Terms

RANKED = 10
"""Designs listed."""
COMPARED = 6
"""Designs drawn side by side."""
_DAYS = (
    "wait for chips + setup + steps × (step + waiting for sites) ÷ goodput, with the tokens that equal loss asks for"
)
_COST = "chips × hours, those of the least term at least, × price, with the extras of renting, and the links"
TOPICS: Topics = {
    "best.finish_days": Topic(unit="days", words=_DAYS, terms="best.finish_terms_days"),
    "best.finish_terms_days": Topic(unit="days", words="days by use, every input at P50"),
    "best.cost_usd": Topic(unit="USD", words=_COST),
    "best.link_cost_usd": Topic(unit="USD", words="price of the links × hours"),
    "best.goodput": Topic(unit="share", words="useful time ÷ wall time, by the exact form at its best interval"),
    "best.step_time_s": Topic(unit="s", words="step of the slowest site, before anything is waited for"),
    "best.exposed_s_per_step": Topic(unit="s", words="what the algorithm waits for other sites, for each step"),
    "best.compute_use": Topic(unit="share", words="step ÷ (step + waiting for sites), every input at P50"),
    "best.extra_tokens_share": Topic(unit="share", words="tokens at equal loss over those asked for, less one"),
    "best.power_mw": Topic(unit="MW", words="chips × rated power × PUE of every site used"),
    "best.energy_mwh": Topic(unit="MWh", words="power drawn × time of the run"),
    "best.carbon_t": Topic(unit="t", words="energy × carbon of the grid at each site, over the life cycle of plants"),
    "best.market_carbon_t": Topic(unit="t", words="the same less what contracts cover with carbon-free power"),
    "best.embodied_carbon_t": Topic(unit="t", words="making chips and hosts × share of their life that the run takes"),
    "best.water_m3": Topic(unit="", words="WUE × energy of the machines, m³"),
    "best.off_site_water_m3": Topic(unit="", words="litres per kWh of power plants × energy at the meters, m³"),
    "alternatives.*.finish_days": Topic(unit="days", words=_DAYS, terms="alternatives.*.finish_terms_days"),
    "alternatives.*.cost_usd": Topic(unit="USD", words=_COST),
}


def verdict(answer: MultisiteAnswer) -> str:
    """Answer in one sentence."""
    best = answer.best
    if best is None:
        short = [(each.site, f"power = {each.available_mw:,.3g} MW", each.nearest) for each in answer.infeasible]
        short += [(each.site, each.reason.short, each.reason.nearest) for each in answer.refused]
        why = "".join(f"; {site}: {said}. Would do: {nearest}" for site, said, nearest in short[:1])
        return f"No site can train {answer.model} from {answer.start.isoformat()} on{why}"
    where = " and ".join(f"{site.name} ({wording.share(site.share)})" for site in best.sites)
    when = "never" if best.finish_date is None else best.finish_date.isoformat()
    cost = wording.number(best.cost_usd.p50, "USD")
    return (
        f"Train {answer.model} at {where}, {algorithm_text(best.algorithm, best.sync_steps)}: done on {when} for {cost}"
    )


def algorithm_text(algorithm: str, sync_steps: int) -> str:
    """Say an algorithm with its period."""
    return f"{algorithm} every {sync_steps} steps" if sync_steps > 1 else algorithm


def report(answer: MultisiteAnswer) -> Report:
    """Turn the answer into a report."""
    tokens = wording.number(answer.tokens, "tokens")
    names = ", ".join(node.name for node in answer.nodes)
    return Report(
        title="Tenfold multisite",
        question=f"Train {answer.model} on {tokens} over {names}",
        verdict=verdict(answer),
        good=answer.fits,
        made=answer.made,
        cards=() if answer.best is None else _cards(answer.best),
        sections=tuple(_sections(answer)),
        notes=answer.notes,
        assumptions=answer.assumptions,
        figures=(*answer.figures, *answer.stated),
    )


def _cards(best: MultisiteDesign) -> tuple[Card, ...]:
    return (
        spread_card("Done in", best.finish_days, wording.days, "best.finish_days"),
        spread_card("Cost", best.cost_usd, lambda value: wording.number(value, "USD"), "best.cost_usd"),
        spread_card("Goodput", best.goodput, wording.share, "best.goodput"),
        Card(name="Algorithm", value=algorithm_text(best.algorithm, best.sync_steps), path="best.algorithm"),
        Card(
            name="Compute use",
            value=wording.share(best.compute_use),
            low=wording.share(best.compute_use_range.p10),
            high=wording.share(best.compute_use_range.p90),
            path="best.compute_use",
        ),
        Card(name="Power at the meters", value=wording.number(best.power_mw * 1e6, "W"), path="best.power_mw"),
        Card(name="Carbon of the grids", value=wording.number(best.carbon_t * 1e3, "kg"), path="best.carbon_t"),
    )


def _sections(answer: MultisiteAnswer) -> Iterator[Section]:
    yield places(answer)
    if answer.infeasible:
        lead = "Sites that their connection does not carry on the first day are left out of every design."
        yield Section(title="Short of power", lead=lead, tables=(_infeasible(answer),))
    if answer.refused or answer.availability:
        yield _had(answer)
    if answer.best is not None:
        yield _best(answer.best)
        yield _designs(answer, answer.best)
    if answer.one_campus:
        lead = "As many chips as the best design has, all at one of its sites."
        yield Section(title="All at one campus", lead=lead, tables=(_one_campus(answer),))
    if answer.edges and answer.distance:
        yield _sensitivities(answer)


def _had(answer: MultisiteAnswer) -> Section:
    """Who offers the chips of each site, and whose cannot be had."""
    had = tuple((site, offer_words(terms)) for site, terms in answer.availability.items())
    refused = tuple((each.site, f"{each.reason.short} → {each.reason.nearest}") for each in answer.refused)
    lead = "Chips of a kind are asked for all at once, whichever sites host them; what cannot be had is in no design."
    return Section(title="How the chips are had", lead=lead, pairs=(*had, *refused))


def _infeasible(answer: MultisiteAnswer) -> Table:
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
    return Table(headers=headers, rows=tuple(rows), numeric=" rrrr ")


def _best(best: MultisiteDesign) -> Section:
    note = "Every input at P50, and what their spread adds: long delays are likelier than large savings."
    chart = waterfall("days", "Where the days go", best.finish_terms_days, "days", note, total_name="finish")
    headline = "best.finish_days.p50"
    terms = Terms(title="Where the days go", values=best.finish_terms_days, unit="days", headline=headline)
    return Section(title="The best design", pairs=_pairs(best), terms=(terms,), charts=(chart,))


def _pairs(best: MultisiteDesign) -> Pairs:
    """What else there is to say about a design."""
    known = "" if best.loss_known else "; outside the range of the scaling law"
    extra = best.extra_tokens_share
    step = f"{wording.number(best.step_time_s.p50, 's')} ({wording.number_between(best.step_time_s, 's')})"
    return (
        ("Step time", step),
        ("Failures", "stay in their site" if best.isolates_failures else "stop all sites"),
        ("Tokens at equal loss", f"{wording.share(extra.p50)} more ({wording.share_between(extra)}){known}"),
        ("Carbon, location-based and life-cycle", wording.number(best.carbon_t * 1e3, "kg")),
        ("Carbon, market-based", wording.number(best.market_carbon_t * 1e3, "kg")),
        ("Carbon of making the machines", wording.number(best.embodied_carbon_t * 1e3, "kg")),
        ("Water on site; at power plants", f"{best.water_m3:,.0f} m³; {best.off_site_water_m3:,.0f} m³"),
    )


def _designs(answer: MultisiteAnswer, best: MultisiteDesign) -> Section:
    designs = (best, *answer.alternatives)
    columns = {_design_name(rank, each): _at_p50(each) for rank, each in enumerate(designs[:COMPARED], start=1)}
    chart = stacked("design-days", "Where the days of each design go, every input at P50", columns, "days")
    considered = f"{answer.designs_considered:,} designs and {answer.layouts_considered:,} layouts considered"
    listed = f"{RANKED} of {len(designs):,} listed; " if len(designs) > RANKED else ""
    return Section(
        title="Designs",
        lead=f"The best period of each algorithm on each set of sites, {answer.objective} first; {listed}{considered}.",
        charts=(chart,) if len(columns) > 1 else (),
        tables=(_ranked(designs[:RANKED]),),
    )


def _design_name(rank: int, design: MultisiteDesign) -> str:
    where = " + ".join(site.name for site in design.sites)
    return f"{rank}. {design.algorithm}, {where}"


def _at_p50(design: MultisiteDesign) -> dict[str, float]:
    return {name: days for name, days in design.finish_terms_days.items() if name != SPREAD_TERM}


def _ranked(designs: Sequence[MultisiteDesign]) -> Table:
    """The best designs, as they rank."""
    rows = [
        (
            f"{rank}",
            algorithm_text(design.algorithm, design.sync_steps),
            ", ".join(site.name for site in design.sites),
            f"{wording.days(design.finish_days.p50)}\n{wording.days_between(design.finish_days)}",
            f"{wording.number(design.cost_usd.p50, 'USD')}\n{wording.number_between(design.cost_usd, 'USD')}",
            f"{wording.share(design.compute_use)}\n{wording.share_between(design.compute_use_range)}",
            wording.share(design.goodput.p50),
        )
        for rank, design in enumerate(designs, start=1)
    ]
    headers = ("", "algorithm", "sites", "finish", "cost", "compute use", "goodput")
    return Table(headers=headers, rows=tuple(rows), numeric="r  rrrr", marked=0)


def _one_campus(answer: MultisiteAnswer) -> Table:
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
    headers = ("site", "chips", "finish", "cost", "power", "", "why")
    return Table(headers=headers, rows=tuple(rows), numeric="  rrr  ")


def _sensitivities(answer: MultisiteAnswer) -> Section:
    chart = lines(
        "sensitivity",
        "Finish when every link changes",
        (_curve("longer", answer.distance), _curve("wider", answer.bandwidth)),
        x=Axis(name="times what it is", log=True),
        y=Axis(name="days to finish", unit="days", from_zero=True),
        note="The best design is chosen anew at every point: see the tables for its algorithm.",
    )
    tables = (_sensitivity("longer", answer.distance), _sensitivity("wider", answer.bandwidth))
    return Section(title="Distance and bandwidth", charts=(chart,), tables=tables)


def _curve(name: str, rows: Sequence[Sensitivity]) -> Line:
    return Line(name=f"every link {name}", x=[row.factor for row in rows], y=[row.finish_days for row in rows])


def _sensitivity(what: str, rows: Sequence[Sensitivity]) -> Table:
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
    return Table(title=f"With every link {what}", headers=headers, rows=tuple(table), numeric="r  rrr")
