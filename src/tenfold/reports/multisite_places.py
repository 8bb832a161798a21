"""Sites and links of a run over several sites: the map, what each site does and what runs over each link."""

from __future__ import annotations

from tenfold.planning.multisite import Edge, LinkUse, MultisiteAnswer, MultisiteDesign, SiteShare, chips_words
from tenfold.planning.multisite import Node as Campus
from tenfold.reports import wording
from tenfold.reports.charts import Chart, Link, Node, graph
from tenfold.reports.report import Section, Table


def places(answer: MultisiteAnswer) -> Section:
    """Show the map; what sites and links do where there is a best design."""
    best = answer.best
    tables = () if best is None else (_sites(best), *([_links(answer, best)] if best.links else []))
    return Section(title="Sites and links", charts=(_map(answer),), tables=tables)


def _sites(best: MultisiteDesign) -> Table:
    """What each site does."""
    rows = [
        (
            site.name,
            f"{chips_words(site.chips, site.chips_ordered)} × {site.chip}",
            f"{wording.share(site.share)}\n{site.sequences:,} sequences",
            wording.number(site.step_time_s, "s"),
            f"{site.power_mw:,.1f} MW",
            "" if site.layout is None else wording.layout_text(site.layout),
        )
        for site in best.sites
    ]
    headers = ("site", "chips", "of the batch", "step alone", "power", "layout")
    return Table(title="Sites", headers=headers, rows=tuple(rows), numeric="  rrr ")


def _links(answer: MultisiteAnswer, best: MultisiteDesign) -> Table:
    """What runs over each link."""
    rows = [
        (
            f"{link.first} – {link.second}",
            wording.number(edge.distance_km * 1e3, "m"),
            wording.number(edge.round_trip_s, "s"),
            _gbit(link.bandwidth_bytes_per_s),
            _gbit(link.mean_bytes_per_s),
            _gbit(link.peak_bytes_per_s),
        )
        for link, edge in zip(best.links, answer.edges, strict=True)
    ]
    headers = ("link", "fibre", "round trip", "bandwidth", "mean use", "to hide all")
    return Table(title="Links, one way", headers=headers, rows=tuple(rows), numeric=" rrrrr")


def _gbit(bytes_per_s: float) -> str:
    """Print a bandwidth as networks state it."""
    gbit = bytes_per_s * 8 / 1e9
    return f"{gbit / 1e3:,.3g} Tbit/s" if gbit >= 1e3 else f"{gbit:.3g} Gbit/s"


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
    capacity = _gbit(edge.bandwidth_bytes_per_s)
    if use is None or use.mean_bytes_per_s == 0:
        return Link(source=edge.first, target=edge.second, weight=0.0, text=f"{capacity}, not used", label="")
    mean, peak = _gbit(use.mean_bytes_per_s), _gbit(use.peak_bytes_per_s)
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
