"""What a plan says beyond its designs: failures simulated over the best one, and its chips spread over the sites."""

from __future__ import annotations

from tenfold.planning.plan import CampusOutlook, FailureOutlook
from tenfold.reports import wording
from tenfold.reports.charts import waterfall
from tenfold.reports.report import Pairs, Section, Terms


def failure_section(outlook: FailureOutlook) -> Section:
    """Show the simulation and what is lost, by cause."""
    title = "What failures take, by cause"
    return Section(
        title="Failures, simulated over the best design",
        lead="A thousand runs, each with its own luck, failure rate and restart time, by what they lose.",
        pairs=failure_pairs(outlook),
        terms=(Terms(title=title, values=outlook.loss, unit="share", headline="failures.lost_share"),),
        charts=(waterfall("loss", title, outlook.loss, "share"),) if any(outlook.loss.values()) else (),
    )


def campus_section(outlook: CampusOutlook) -> Section:
    """Show the design spread over the sites."""
    return Section(title=f"{outlook.design}, over all the sites", pairs=campus_pairs(outlook))


def failure_pairs(outlook: FailureOutlook) -> Pairs:
    """Key numbers of the simulation, on the basis of the design."""
    luck = outlook.luck_days
    better = f"{outlook.best_policy}, every {wording.number(outlook.best_policy_interval_s, 's')}"
    spares = f"{outlook.spare_nodes_p99} nodes" + (
        f", {outlook.spare_racks_p99} racks" if outlook.spare_racks_p99 else ""
    )
    saves = f"would save {wording.days(outlook.best_policy_saves_days)}"
    return (
        ("Failures", f"one in {outlook.mttf_h:.3g} h; {outlook.failures:,.0f} in the run"),
        ("Luck alone", f"{_signed(luck.p10)} to {_signed(luck.p90)} days about the finish"),
        ("Spares, 99 %", f"{spares}; rented chips are replaced by their owner, bought ones are in the bill"),
        ("Planned with", outlook.policy),
        ("Best policy", f"{better}: {saves}"),
        *((("Not planned, since", outlook.why_not),) if outlook.why_not else ()),
        *(("Note", note) for note in outlook.notes),
    )


def _signed(days: float) -> str:
    return f"{days:+.2g}"


def campus_pairs(outlook: CampusOutlook) -> Pairs:
    """Key numbers of the design spread over the sites."""
    every = "every step" if outlook.sync_steps == 1 else f"every {outlook.sync_steps} steps"
    fibre = wording.number(outlook.bandwidth_bytes_per_s, "B/s")
    return (
        ("Sites", f"{', '.join(outlook.sites)}; {outlook.chips_per_site:,} chips at each"),
        ("Algorithm", f"{outlook.algorithm}, {every}"),
        ("Finish", f"{wording.days(outlook.finish_days.p50)} ({wording.days_between(outlook.finish_days)})"),
        (
            "Cost",
            f"{wording.number(outlook.cost_usd.p50, 'USD')} ({wording.number_between(outlook.cost_usd, 'USD')}), "
            "fibre not charged",
        ),
        ("Compute use", wording.share(outlook.compute_use)),
        (
            "Links",
            f"up to {outlook.longest_link_km:,.0f} km, {fibre} each way, {wording.share(outlook.mean_use)} used",
        ),
        ("Power at a site", f"{outlook.power_mw_per_site:.1f} MW"),
        ("Against one site", f"{'better' if outlook.wins else 'not better'}: {outlook.why}"),
    )
