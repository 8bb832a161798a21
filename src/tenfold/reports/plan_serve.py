"""The report of a serving plan: the cheapest fleet of every model, those beside it, term by term, what was rejected."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tenfold.planning.plan import ANY_SUPPLY, Infeasible, chips_words
from tenfold.planning.plan.serve import FleetDesign, PlanServeAnswer, ReplicaPlan, Service, ServicePlan, Total
from tenfold.reports.cards import Card, spread_card
from tenfold.reports.charts import waterfall
from tenfold.reports.offers import offer_words, order_words
from tenfold.reports.plan.rejected import NEXT_WITHOUT_A_PLAN, rejected_section
from tenfold.reports.plan.serve_engines import engines_section
from tenfold.reports.plan.serve_pairs import between_turns, by_law, got_back, paid_ahead, there
from tenfold.reports.plan.serve_topics import TOPICS
from tenfold.reports.plan.serve_traced import traced_section
from tenfold.reports.plan.words import flip_words
from tenfold.reports.report import Pairs, Report, Section, Table, Terms
from tenfold.reports.wording import counted, days, likely, number, number_between, seconds, share, usd

__all__ = ["TOPICS", "report", "verdict"]
HEADERS = ("", "fleet", "latency", "cost\ncash first", "input\noutput", "kept by", "both", "evidence")


def verdict(answer: PlanServeAnswer) -> str:
    """Answer in one sentence: the fleet, what it costs, how sure; or what binds and what comes nearest."""
    if not answer.fits:
        return _nearest(answer)
    said = [_one(answer, plan) for plan in plans_of(answer)]
    if len(said) == 1 or answer.total is None:
        return said[0]
    return f"{'; '.join(said)}; together {_chips(answer.total)} chips, {number(answer.total.cost_usd, 'USD')}"


def plans_of(answer: PlanServeAnswer) -> tuple[ServicePlan, ...]:
    """The plan of every model, that of the goal first."""
    names = ServicePlan.__dataclass_fields__
    return (ServicePlan(**{name: getattr(answer, name) for name in names}), *answer.more)


def _one(answer: PlanServeAnswer, plan: ServicePlan) -> str:
    best = plan.best
    if best is None:
        return f"{plan.model}: no fleet"
    cost = f"{number(best.cost_usd.p50, 'USD')} ({number_between(best.cost_usd, 'USD')})"
    years = days(answer.question.goal.period_s / 86_400.0)
    each = number(best.usd_per_mtoken_output.p50, "USD")
    sure = f"{likely(best.probability.both)} likely to keep {_limits(answer)}"
    name = f"{best.bound}. " if best.bound else ""
    name += f"{plan.model}: {fleet_name(best)}"
    return f"{name} is cheapest: {cost} for {years}, {each} for a million output tokens; {sure}"


def _chips(total: Total) -> str:
    return chips_words(total.chips, total.chips_held)


def _limits(answer: PlanServeAnswer) -> str:
    return "the latency" if answer.question.means.budget_usd is None else "latency and budget"


def fleet_name(best: FleetDesign) -> str:
    """Name a fleet by what is bought and where."""
    return f"{counted(best.replicas, 'replica')} on {best.name}, {best.site}"


def _nearest(answer: PlanServeAnswer) -> str:
    plan = next(each for each in plans_of(answer) if each.best is None)
    if not plan.infeasible:
        return f"{plan.model}: no fleet carries the traffic; the chips, supply and sites given form none at all"
    nearest = min(plan.infeasible, key=_distance)
    short = "; ".join(nearest.said)
    changes = "; ".join(nearest.changes)
    where = f"{nearest.chips:,} × {nearest.chip}"
    return f"{plan.model}: no fleet carries the traffic; nearest: {where}: {short}. Would do: {changes}"


def _distance(rejected: Infeasible) -> tuple[bool, bool, bool, bool, int, float]:
    """What can be had comes first; then what is free, what fits, was priced, and is the least short."""
    kinds = {each.kind for each in rejected.reasons}
    without_room, priced = bool(kinds & {"weights", "cache"}), rejected.supply != ANY_SUPPLY
    short = len(rejected.reasons), rejected.times_over
    return not rejected.can_be_had, rejected.unasked, without_room, not priced, *short


def report(answer: PlanServeAnswer) -> Report:
    """Turn the answer into a report."""
    return Report(
        title="Tenfold plan serve",
        question=f"What serves {' and '.join(each.model for each in plans_of(answer))}?",
        verdict=verdict(answer),
        good=answer.fits,
        made=answer.made,
        cards=_cards(answer),
        sections=tuple(_sections(answer)),
        notes=answer.notes,
        assumptions=answer.assumptions,
        figures=answer.figures,
        next_steps=_next(answer),
    )


def _next(answer: PlanServeAnswer) -> tuple[str, ...]:
    if not answer.fits:
        return (NEXT_WITHOUT_A_PLAN,)
    return ("tenfold plan SERVE.toml --json > plan.json, then tenfold export plan.json --to kubernetes",)


def _cards(answer: PlanServeAnswer) -> tuple[Card, ...]:
    best = answer.best
    if best is None:
        considered = f"{answer.configurations_considered:,}"
        return (Card(name="Configurations", value=considered, path="configurations_considered"),)
    return (
        spread_card("Cost", best.cost_usd, usd, "best.cost_usd"),
        spread_card("Cash first", best.cash_usd, usd, "best.cash_usd"),
        spread_card("Per M output", best.usd_per_mtoken_output, usd, "best.usd_per_mtoken_output"),
        spread_card("Per M input", best.usd_per_mtoken_input, usd, "best.usd_per_mtoken_input"),
        spread_card("TTFT", best.ttft_s, seconds, "best.ttft_s"),
        spread_card("TPOT", best.tpot_s, seconds, "best.tpot_s"),
        Card(name="Requests in time", value=share(best.slo.met_share), path="best.slo.met_share"),
        Card(name="Energy of a token", value=number(best.energy_j_per_output_token, "J"),
             path="best.energy_j_per_output_token"),
    )  # fmt: skip


def _sections(answer: PlanServeAnswer) -> Iterator[Section]:
    plans = plans_of(answer)
    if len(plans) > 1 and answer.total is not None:
        yield _together(answer, plans)
    for plan in plans:
        title = "Fleets, cheapest first" if len(plans) == 1 else f"Fleets for {plan.model}"
        yield _fleets(plan, title)
    for plan in plans:
        if plan.traced is not None:
            yield traced_section(plan.traced, "The trace" if len(plans) == 1 else f"The trace of {plan.model}")
    for plan in plans:
        if len(plan.engines) > 1:
            yield engines_section(plan)
    if answer.flips:
        pairs = tuple((str(each["input"]), flip_words(each).removeprefix(f"{each['input']} ")) for each in answer.flips)
        yield Section(title="What would change the choice", pairs=pairs, first=True)
    if answer.best is not None:
        yield _term_by_term(answer.best)
    infeasible, missing = (
        tuple(each for plan in plans for each in getattr(plan, name)) for name in ("infeasible", "missing_data")
    )
    if infeasible or missing:
        yield rejected_section(infeasible, missing)
    services = (answer.question.goal.service, *answer.question.more)
    for service, plan in zip(services, plans, strict=True):
        yield Section(title=f"What was asked of {service.model}", pairs=_asked(answer, service, plan), full=True)


def _together(answer: PlanServeAnswer, plans: Sequence[ServicePlan]) -> Section:
    rows = tuple(
        (
            plan.model,
            plan.best.name,
            usd(plan.best.cost_usd.p50),
            usd(plan.best.cash_usd.p50),
        )
        for plan in plans
        if plan.best is not None
    )
    assert answer.total is not None
    whole = (
        "all",
        chips_words(answer.total.chips, answer.total.chips_held),
        usd(answer.total.cost_usd),
        usd(answer.total.cash_usd),
    )
    table = Table(headers=("model", "chips", "cost", "cash first"), rows=(*rows, whole), numeric=" rrr")
    return Section(title="All models", tables=(table,), first=True)


def _fleets(plan: ServicePlan, title: str) -> Section:
    designs = [each for each in (plan.best, *plan.alternatives) if each is not None]
    looked = f"{plan.configurations_considered:,} configurations and {plan.designs_considered:,} fleets considered."
    if not designs:
        return Section(title=title, lead=f"No fleet carries the traffic. {looked}", first=True)
    rows = tuple(_row(rank, design) for rank, design in enumerate(designs, start=1))
    near = tuple(
        (each.design.name, usd(each.less_usd),
         likely(each.design.probability.both))
        for each in plan.near_misses
    )  # fmt: skip
    tables = [Table(headers=HEADERS, rows=rows, numeric="r  rrrr ", marked=0)]
    if near:
        tables.append(Table(title="Near misses", headers=("fleet", "less", "both"), rows=near, numeric=" rr"))
    peak = (
        f"Sized for {number(plan.peak_requests_per_s, '1/s')} of requests at the peak. Of the fleets that keep "
        "latency and budget as surely as asked, in the order of the cost that is not exceeded as surely."
    )
    return Section(title=title, lead=f"{peak} {looked}", tables=tuple(tables), first=True)


def _row(rank: int, design: FleetDesign) -> tuple[str, ...]:
    first = design.prefill_layout
    apart = "" if first is None else f"\n+ {first.replicas:,} for prompts, {layout_words(first)}"
    return (
        str(rank),
        f"{design.name}, {design.site}\n"
        f"{counted(design.layout.replicas, 'replica')}, {layout_words(design.layout)}{apart}",
        f"TTFT {seconds(design.ttft_s.p50)}\nTPOT {seconds(design.tpot_s.p50)}",
        f"{usd(design.cost_usd.p50)} ({number_between(design.cost_usd, 'USD')})\n{usd(design.cash_usd.p50)}",
        f"{usd(design.usd_per_mtoken_input.p50)}\n{usd(design.usd_per_mtoken_output.p50)}",
        share(design.slo.met_share),
        likely(design.probability.both),
        design.evidence.grade,
    )


def layout_words(layout: ReplicaPlan) -> str:
    """Say a replica in the field's terms, leaving out degrees of one."""
    degrees = (("TP", layout.tp), ("PP", layout.pp), ("DP", layout.dp), ("EP", layout.ep))
    return " ".join(f"{name}{degree}" for name, degree in degrees if name == "TP" or degree > 1)


def _term_by_term(best: FleetDesign) -> Section:
    return Section(
        title="The cheapest fleet",
        lead="A token's time at the peak, with the pace predicted; latencies are those of the percentile asked for.",
        pairs=_best_pairs(best),
        terms=(
            Terms(
                title=f"Where a token's time goes: {seconds(best.token_s)}",
                values=best.token_terms_s,
                unit="s",
                headline="best.token_s",
            ),
            Terms(
                title=f"Where every dollar goes: {usd(best.cost_usd.p50)}",
                values=best.cost_terms_usd,
                unit="USD",
                headline="best.cost_usd.p50",
            ),
        ),
        charts=(
            waterfall("token", "Where a token's time goes", best.token_terms_s, "s"),
            waterfall("cost", "Where every dollar goes", best.cost_terms_usd, "USD"),
        ),
    )


def _best_pairs(best: FleetDesign) -> Pairs:
    layout = best.layout
    return (
        ("System", best.system or "cards that stand alone"),
        ("Engine", f"{best.engine}; weights {best.precision}, cache {best.kv_precision}"),
        ("Prompts", "on replicas of their own" if best.disaggregated else "on the chips that give tokens"),
        ("A replica", f"{layout_words(layout)}, {counted(layout.chips, 'chip')}, {layout.kv_tokens:,} tokens of cache"),
        ("Batch limit", f"{layout.max_sequences:,} sequences, {layout.token_budget:,} tokens a step"),
        ("A replica carries", f"{number(layout.requests_per_s, 'requests/s')}, as surely as asked"),
        *between_turns(best),
        ("Spares", f"{best.spare_replicas:,} of {best.replicas:,} replicas"),
        ("Use", f"{share(best.utilisation)} on average, prompts {share(best.prefill_utilisation)} at the peak"),
        ("Per chip", f"{number(best.tokens_per_s_per_chip.p50, 'tokens/s')}, as much as the latency leaves"),
        ("Ready in", days(best.ready_days.p50)),
        ("Terms", "; ".join(filter(None, (offer_words(best.availability), order_words(best))))),
        *paid_ahead(best),
        *got_back(best),
        *by_law(best),
        *there(best),
        ("Power", number(best.power_mw * 1e6, "W")),
        ("Calibrated by", best.calibration),
    )


def _asked(answer: PlanServeAnswer, service: Service, plan: ServicePlan) -> Pairs:
    goal = answer.question.goal
    limits = ((name, getattr(service, f"slo_{name}_s")) for name in ("ttft", "tpot", "e2e"))
    said = ", ".join(f"{name.upper()} {seconds(value)}" for name, value in limits if value is not None)
    budget = answer.question.means.budget_usd
    return (
        (
            "Traffic",
            f"{number(plan.mean_requests_per_s, 'requests/s')} on average, "
            f"{number(plan.peak_requests_per_s, 'requests/s')} at the peak",
        ),
        ("Lengths", f"{plan.prompt_tokens:,.0f} tokens in, {plan.output_tokens:,.0f} out"),
        ("Latency", f"{said}, kept by {share(service.percentile)} of requests"),
        ("Precision", service.precision),
        ("Availability", f"{goal.availability:.5g} of the time"),
        ("Period", days(goal.period_s / 86_400.0)),
        ("Budget", "none" if budget is None else usd(budget)),
        ("Confidence", share(goal.confidence)),
    )
