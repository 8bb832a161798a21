"""The page of ``tenfold multisite``: sites and links, the best design, rivals, what distance and bandwidth do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tenfold.planning.multisite.plan import Edge, LinkUse, MultisiteAnswer, MultisiteDesign, Sensitivity, SiteShare
from tenfold.planning.multisite.plan import Node as Campus
from tenfold.reports import wording
from tenfold.reports.cards import Card, spread_card
from tenfold.reports.charts import Axis, Chart, Line, Link, Node, graph, lines, stacked, waterfall
from tenfold.reports.page import Page, Section, page_table
from tenfold.reports.tables.multisite import (
    algorithm_text,
    best_pairs,
    designs_grid,
    footer,
    gbit_text,
    infeasible_grid,
    links_grid,
    one_campus_grid,
    sensitivity_grid,
    sites_grid,
    verdict,
)

COMPARED = 6
"""Designs drawn side by side."""


def multisite_page(answer: MultisiteAnswer) -> Page:
    """Turn the answer into a page."""
    tokens = wording.number(answer.tokens, "tokens")
    names = ", ".join(node.name for node in answer.nodes)
    return Page(
        title="Tenfold multisite",
        question=f"Train {answer.model} on {tokens} over {names}",
        verdict=verdict(answer),
        good=answer.best is not None,
        cards=() if answer.best is None else _cards(answer.best),
        sections=tuple(_sections(answer)),
        figures=answer.figures,
        footer=footer(answer),
    )


def _cards(best: MultisiteDesign) -> tuple[Card, ...]:
    return (
        spread_card("Done in", best.finish_days, wording.days),
        spread_card("Cost", best.cost_usd, lambda value: wording.number(value, "USD")),
        spread_card("Goodput", best.goodput, wording.share),
        Card(name="Algorithm", value=algorithm_text(best.algorithm, best.sync_steps)),
        Card(name="Compute use", value=wording.share(best.compute_use)),
        Card(name="Power at the meters", value=wording.number(best.power_mw * 1e6, "W")),
        Card(name="Carbon", value=wording.number(best.carbon_t * 1e3, "kg")),
    )


def _sections(answer: MultisiteAnswer) -> Iterator[Section]:
    if answer.notes:
        yield Section(title="Decided for you", lead=" ".join(f"{note}." for note in answer.notes))
    yield _places(answer)
    if answer.infeasible:
        lead = "Sites that their connection does not carry on the first day are left out of every design."
        yield Section(title="Short of power", lead=lead, tables=(page_table(infeasible_grid(answer), ""),))
    if answer.best is not None:
        yield _best(answer.best)
        yield _designs(answer, answer.best)
    if answer.one_campus:
        lead = "As many chips as the best design has, all at one of its sites."
        yield Section(title="All at one campus", lead=lead, tables=(page_table(one_campus_grid(answer), ""),))
    if answer.edges and answer.distance:
        yield _sensitivities(answer)


def _places(answer: MultisiteAnswer) -> Section:
    """The map; what sites and links do where there is a best design."""
    best = answer.best
    tables = () if best is None else (page_table(sites_grid(best)),)
    if best is not None and best.links:
        tables = (*tables, page_table(links_grid(answer, best)))
    return Section(title="Sites and links", charts=(_map(answer),), tables=tables)


def _map(answer: MultisiteAnswer) -> Chart:
    best = answer.best
    shares = {} if best is None else {site.name: site for site in best.sites}
    nodes = [
        Node(
            name=node.name,
            longitude_deg=node.longitude,
            latitude_deg=node.latitude,
            text=_site_text(node, shares.get(node.name)),
            size=node.chips,
        )
        for node in answer.nodes
    ]
    used = {} if best is None else {(link.first, link.second): link for link in best.links}
    drawn = [_link(edge, used.get((edge.first, edge.second))) for edge in answer.edges]
    note = (
        "A link shows the mean use of its bandwidth, one way; one that cannot hide every synchronisation needs more "
        "than it has. Marks grow with chips, lines with use; distances are not to scale."
    )
    return graph("sites", "Sites, and the use of the links between them", nodes, drawn, note)


def _site_text(node: Campus, share: SiteShare | None) -> str:
    limit = "" if node.available_mw is None else f" of {node.available_mw:,.1f}"
    power = f"{node.power_mw:,.1f}{limit} MW"
    part = "not used" if share is None else f"{wording.share(share.share)} of the batch"
    return f"{node.chips:,} × {node.chip}, {power}, {part}"


def _link(edge: Edge, use: LinkUse | None) -> Link:
    """A link with its use; overloaded where hiding every synchronisation needs more than it has."""
    capacity = gbit_text(edge.bandwidth_bytes_per_s)
    if use is None or use.mean_bytes_per_s == 0:
        return Link(source=edge.first, target=edge.second, weight=0.0, text=f"{capacity}, not used", label="")
    mean, peak = gbit_text(use.mean_bytes_per_s), gbit_text(use.peak_bytes_per_s)
    return Link(
        source=edge.first,
        target=edge.second,
        weight=use.mean_bytes_per_s,
        text=f"{mean} of {capacity} in use, {wording.share(use.mean_use)}; {peak} would hide every synchronisation",
        label=_of(mean, capacity),
        overloaded=use.peak_bytes_per_s > use.bandwidth_bytes_per_s,
    )


def _of(part: str, whole: str) -> str:
    """Say "8.56 of 100 Gbit/s", naming a shared unit once."""
    unit = whole[whole.index(" ") :]
    return f"{part.removesuffix(unit)} of {whole}"


def _best(best: MultisiteDesign) -> Section:
    note = "Every input at P50; the finish has a P50 of its own, since long delays are likelier than large savings."
    chart = waterfall("days", "Where the days go", best.finish_terms_days, "days", note, total_name="finish")
    return Section(title="The best design", pairs=tuple(best_pairs(best)), charts=(chart,))


def _designs(answer: MultisiteAnswer, best: MultisiteDesign) -> Section:
    ranked = (best, *answer.alternatives)[:COMPARED]
    columns = {_design_name(rank, design): design.finish_terms_days for rank, design in enumerate(ranked, start=1)}
    chart = stacked("design-days", "Where the days of each design go", columns, "days")
    lead = f"The best period of every algorithm on every set of sites, {answer.objective} first."
    charts = (chart,) if len(columns) > 1 else ()
    return Section(title="Designs", lead=lead, charts=charts, tables=(page_table(designs_grid(answer, best), ""),))


def _design_name(rank: int, design: MultisiteDesign) -> str:
    where = " + ".join(site.name for site in design.sites)
    return f"{rank}. {design.algorithm}, {where}"


def _sensitivities(answer: MultisiteAnswer) -> Section:
    chart = lines(
        "sensitivity",
        "Finish when every link changes",
        (_curve("longer", answer.distance), _curve("wider", answer.bandwidth)),
        x=Axis(name="times what it is", log=True),
        y=Axis(name="days to finish", unit="days", from_zero=True),
        note="The best design is chosen anew at every point: see the tables for its algorithm.",
    )
    grids = (sensitivity_grid("longer", answer.distance), sensitivity_grid("wider", answer.bandwidth))
    return Section(title="Distance and bandwidth", charts=(chart,), tables=tuple(map(page_table, grids)))


def _curve(name: str, rows: Sequence[Sensitivity]) -> Line:
    return Line(name=f"every link {name}", x=[row.factor for row in rows], y=[row.finish_days for row in rows])
