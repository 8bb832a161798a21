"""The first screen of a plan, 80 columns by 24 lines: doubt, cheque, ranking, what would change it, what next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tenfold.planning.plan import Availability, Design, Flip, NearMiss, PlanAnswer
from tenfold.reports.plan.designs import RankedDesign, ranked_designs
from tenfold.reports.plan.rejected import rejections
from tenfold.reports.plan.words import flip_words, near_words
from tenfold.reports.report import Pairs, Section, Table
from tenfold.reports.wording import days, likely, number, number_between

ROWS, NEAR, FLIPS, SHORT = 4, 2, 2, 4
"""Lines of each at most."""
HEADERS = (
    "design",
    "supply",
    "finish",
    "cost",
    "cash\nfirst",
    "% in\ntime",
    "bud-\nget",
    "both",
    "evi.",
    "can be\nhad",
)
TIERS = {
    "self-serve": "listed",
    "short-contract": "ask",
    "holding": "ask",
    "announced": "to build",
    "purchase": "bought",
}
"""How each kind of offer is said in the table; others as they are."""


def brief(answer: PlanAnswer) -> Section:
    """Lines and the one table that a buyer reads first."""
    best, designs = answer.best, ranked_designs(answer)
    if best is None:
        return Section(title="Plan", pairs=tuple(_why_none(answer)))
    rows = tuple(_row(each) for each in _one_a_kind(designs)[:ROWS])
    table = Table(headers=HEADERS, rows=rows, numeric="  rrrrrr  ", marked=0)
    return Section(title="Plan", lead="\n".join(_lead(answer, best)), tables=(table,), pairs=tuple(_below(answer)))


def _lead(answer: PlanAnswer, best: Design) -> Iterator[str]:
    chances = _chances(answer, best)
    yield (f"{chances}Cash out first: {number(best.cash_usd.p50, 'USD')} ({number_between(best.cash_usd, 'USD')}).")
    if best.recovered_usd is not None:
        back = f"{number(best.recovered_usd.p50, 'USD')} ({number_between(best.recovered_usd, 'USD')})"
        yield f"Of it {back} is left in the chips for other work or sale; the run's share is the cost."
    yield f"Least sure: {least_sure(best)}."
    yield f"Terms: {terms_words(best.availability)}."


def _chances(answer: PlanAnswer, best: Design) -> str:
    """How likely each limit is kept, and both; empty where there is none."""
    chance, goal, means = best.probability, answer.question.goal, answer.question.means
    said = [f"{likely(chance.in_time)} in time"] if goal.deadline_s is not None else []
    said += [f"{likely(chance.in_budget)} in budget"] if means.budget_usd is not None else []
    said += [f"{likely(chance.both)} both"] if len(said) == 2 else []
    return f"{', '.join(said)}. " if said else ""


def least_sure(best: Design) -> str:
    """What the design rests on that is known least: what was never measured, who sells it."""
    measured = best.outside_calibration[0] if best.outside_calibration else f"{best.evidence.runs} measured runs near"
    sellers = f"prices of {best.evidence.providers} seller{'s' if best.evidence.providers != 1 else ''}"
    return f"{measured}; {sellers}"


def terms_words(had: Availability) -> str:
    """Who is known to offer the design, from when and for how long at least."""
    least = f"{had.minimum_term_days:,.0f} days at least" if had.minimum_term_days else "no least term"
    wait = f"a wait of {had.lead_time_days:,.0f} days" if had.lead_time_days else "no wait stated"
    if had.tier == "purchase":
        return "bought; nobody says how many can be"
    if had.tier == "unknown":
        return f"nobody is known to offer it; priced for {least}, {wait}"
    known = f"{had.provider or 'sellers'} {'hold' if had.tier in ('holding', 'short-contract') else 'offer'}"
    verb = known if not had.provider else f"{known}s"
    return f"{had.tier}, {least}, {wait}; {verb} {had.known_max_chips or 0:,}"


def _row(each: RankedDesign) -> tuple[str, ...]:
    design = each.design
    chance = design.probability
    return (
        f"{design.chips:,} {design.chip}",
        design.supply,
        days(design.finish_days.p50),
        number(design.cost_usd.p50, "USD", 3),
        number(design.cash_usd.p50, "USD"),
        *(_percent(value) for value in (chance.in_time, chance.in_budget, chance.both)),
        design.evidence.grade,
        TIERS.get(design.availability.tier, design.availability.tier),
    )


def _one_a_kind(designs: Sequence[RankedDesign]) -> list[RankedDesign]:
    """The first of each chip and supply, wherever it is."""
    first = {(each.design.chip, each.design.supply): each for each in reversed(designs)}
    return [each for each in designs if first[each.design.chip, each.design.supply] is each]


def _percent(probability: float) -> str:
    """A probability in a column of percents."""
    return likely(probability).replace("over ", ">").replace("under ", "<").removesuffix(" %")


def _below(answer: PlanAnswer) -> Iterator[tuple[str, str]]:
    if answer.near_misses:
        yield "Near misses", "; ".join(near_words(each) for each in _cheaper(answer.near_misses)[:NEAR])
    if answer.flips:
        yield "What would change it", "; ".join(flip_words(each) for each in _first(answer.flips))


def _cheaper(near: Sequence[NearMiss]) -> Sequence[NearMiss]:
    """Near misses that would save something first."""
    return sorted(near, key=lambda each: -each.less_usd)


def _first(flips: Sequence[Flip]) -> Sequence[Flip]:
    return flips[:FLIPS]


def _why_none(answer: PlanAnswer) -> Pairs:
    """Nearest designs where none fits."""
    near = tuple(("Near miss", near_words(each)) for each in answer.near_misses[:NEAR])
    groups = rejections(answer.infeasible)[:SHORT]
    return (*near, *((each.chip, f"{'; '.join(each.short)} → {'; '.join(each.nearest)}") for each in groups))
