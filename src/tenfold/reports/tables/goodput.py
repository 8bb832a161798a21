"""Tables of what failures do to a job."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from tenfold.planning.goodput.report import GoodputReport, PolicyRow
from tenfold.quantities import HOUR_S, Percentiles
from tenfold.reports.tables.grid import grid_table, key_value_table, lines
from tenfold.reports.tables.plan import terms_table
from tenfold.reports.wording import days, days_between, number, share, share_between

POLICIES_LISTED = 10
POLICY_HEADERS = ("checkpoints", "recovery", "detection", "every", "ETTR")


def goodput_tables(report: GoodputReport) -> Iterator[RenderableType]:
    """The verdict, the key numbers, rivals, where wall time goes, policies, notes."""
    yield Text(goodput_verdict(report), style="bold green" if report.ettr.monte_carlo.p50 > 0.5 else "bold red")
    for part in (_numbers(report), _rivals(report), _causes(report), _terms(report), _policies(report)):
        yield Text("")
        yield part
    if report.notes:
        yield Text("")
        yield lines("Notes", report.notes)
    yield Text("")
    yield Text(footer(report), style="dim")


def goodput_verdict(report: GoodputReport) -> str:
    """Answer in one sentence."""
    found = report.ettr.monte_carlo
    what = f"{report.chips:,} × {report.chip}"
    if not report.ends:
        policy = f"{report.checkpointing}, {report.recovery}, {report.detection}"
        return (
            f"{what}: never ends with {policy}; it is stopped every {number(report.mttf_h * HOUR_S, 's')}, and "
            f"{share(found.p50)} of the time works"
        )
    return (
        f"{what}: stopped every {number(report.mttf_h * HOUR_S, 's')}, ETTR {share(found.p50)} "
        f"(P10–P90 {share_between(found)}); best: {policy_name(report.best)}, {share(report.best.ettr)}"
    )


def policy_name(row: PolicyRow) -> str:
    """Name a policy: "asynchronous, node-spares, heartbeat"."""
    return f"{row.checkpointing}, {row.recovery}, {row.detection}"


def goodput_pairs(report: GoodputReport) -> list[tuple[str, str]]:
    """Key numbers."""
    spares = f"{report.spare_nodes_p99:,} nodes"
    spares += f" and {report.spare_racks_p99:,} racks" if report.spare_racks_p99 else ""
    rate = f"{report.failures_per_1000_node_days:.3g} per 1,000 node-days, by the hazards of {report.hazards}"
    interval = f"{number(report.checkpoint_interval_s, 's')}; best {number(report.optimal_interval_s, 's')}"
    return [
        ("System", report.system),
        ("Failures", f"{rate}; {report.failures_in_run:,.0f} in the run"),
        ("MTTF", number(report.mttf_h * HOUR_S, "s")),
        ("Policy", f"{report.checkpointing}, {report.recovery}, {report.detection}"),
        ("Checkpoint every", f"{interval}; each stalls {number(report.checkpoint_stall_s, 's')}"),
        ("Work", f"{days(report.work_days)} of training"),
        ("Finish", f"{days(report.finish_days.p50)} (P10–P90 {days_between(report.finish_days)})"),
        ("Spares", f"{spares} ({report.spare_chips_p99:,} chips) so that 99 times of 100 one is there"),
    ]


def _numbers(report: GoodputReport) -> Group:
    return key_value_table("Goodput", goodput_pairs(report))


def _rivals(report: GoodputReport) -> Group:
    return grid_table("ETTR", ("by", "ETTR", "validity"), rival_rows(report), " r ")


def rival_rows(report: GoodputReport) -> list[tuple[str, str, str]]:
    """ETTR by every rival, and whether it holds."""
    forms = {name: getattr(report.ettr, name) for name in report.valid}
    rows = [
        (name.replace("_", "-"), share(value) if value > 0 else "below zero", report.valid[name].why_not or "holds")
        for name, value in forms.items()
    ]
    found: Percentiles = report.ettr.monte_carlo
    simulated = f"P10–P90 {share_between(found)}, {report.replicas:,} runs"
    return [*rows, ("Monte Carlo", share(found.p50), simulated)]


def _causes(report: GoodputReport) -> Group:
    causes = dict(sorted(report.loss.items(), key=lambda item: -item[1]))
    return terms_table(f"Lost by cause: {share(sum(causes.values()))} of wall time", causes, "share")


def _terms(report: GoodputReport) -> Group:
    return terms_table("Lost by what the job did instead", report.loss_terms, "share")


def policy_rows(policies: Sequence[PolicyRow]) -> list[tuple[str, ...]]:
    """Policies, each at its best interval."""
    return [
        (row.checkpointing, row.recovery, row.detection, number(row.interval_s, "s"), share(row.ettr))
        for row in policies
    ]


def _policies(report: GoodputReport) -> Group:
    rows = policy_rows(report.policies[:POLICIES_LISTED])
    rest = len(report.policies) - len(rows)
    title = f"Policies, each at its best interval{f'; {rest} more with --json' if rest else ''}"
    return grid_table(title, POLICY_HEADERS, rows, "   rr")


def footer(report: GoodputReport) -> str:
    """Say what made the answer."""
    changed = f", changed by overlays: {'; '.join(report.catalog_overrides)}" if report.catalog_overrides else ""
    return f"Tenfold {report.tenfold_version}, catalog {report.catalog_version}{changed}, seed {report.seed}."
