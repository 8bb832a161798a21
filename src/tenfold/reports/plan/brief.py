"""The first screen of a plan, 80 columns by 24 lines: doubt, cheque, ranking, what would change it, what next."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from tenfold.planning.plan import (
    EXISTING,
    RENTED,
    THERE,
    USED,
    Design,
    Flip,
    NearMiss,
    PlanAnswer,
    had_as,
    joining,
    nearest_of,
)
from tenfold.quantities import format_share
from tenfold.reports.offers import offer_words, order_words
from tenfold.reports.plan.designs import RankedDesign, ranked_designs
from tenfold.reports.plan.optimum import optimum_words
from tenfold.reports.plan.rejected import rejections
from tenfold.reports.plan.words import flip_words, near_words
from tenfold.reports.report import Pairs, Section, Table
from tenfold.reports.wording import counted, days, likely, number, number_between

ROWS, NEAR, FLIPS, SHORT = 4, 2, 2, 4
"""Lines of each at most."""
HALF_A_DAY = 0.5
BOUND = "by law"
"""How chips can be had that a law or a place binds."""
BOUGHT_IN_BUDGET = " (the purchase alone; hall, power and staff come on top)"
"""What a budget is held against where chips are bought."""
LEFT = {
    True: "is left in the chips for other work; the run's share is the cost",
    False: "comes back when the chips are sold after the run; the cost is what they lose, and running them",
}
"""What is left of a purchase, where other work uses the chips, and where none does."""
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
AT_THE_MEDIAN: Mapping[str, tuple[str, Callable[[float], str], Callable[[Design], float]]] = {
    "cheapest": ("cost", lambda usd: number(usd, "USD", 4), lambda design: design.cost_usd.p50),
    "fastest": ("time", days, lambda design: design.finish_days.p50),
}
"""What an objective is of, how it is written, and its median, which is what the table shows."""
TIERS = {
    "self-serve": "listed",
    "short-contract": "ask",
    "holding": "ask",
    "announced": "to build",
    "purchase": "bought",
    "contract": "offer",
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
    if best.paid_ahead_usd is not None:
        yield f"Of it {number(best.paid_ahead_usd.p50, 'USD')} is paid before the chips are there."
    if best.recovered_usd is not None:
        back = f"{number(best.recovered_usd.p50, 'USD')} ({number_between(best.recovered_usd, 'USD')})"
        used = answer.question.means.owned_after == USED
        yield f"Of it {back} {LEFT[used]}."
        if used:
            yield from _rented(answer, best, best.recovered_usd.p50)
    yield from _storage(answer, best)
    yield f"Least sure: {least_sure(best)}."
    terms = (offer_words(best.availability), order_words(best, best.chips_there))
    yield f"Terms: {'; '.join(filter(None, terms))}. {_clock(best)}"


def _storage(answer: PlanAnswer, best: Design) -> Iterator[str]:
    """Storage that is priced as rented beside chips that are there, and the key that says it is there too."""
    usd = best.cost_terms_usd.get("storage", 0.0)
    rented = any(each.storage == RENTED for each in answer.question.means.existing)
    if rented and usd > 0.0 and best.supply.startswith(EXISTING):
        key = f"storage = '{THERE}' under means.existing"
        yield f"{number(usd, 'USD', 3)} of the cost rents storage for saves: {key} if it is paid for."


def _clock(best: Design) -> str:
    """What the days begin with: they count from the order, however the chips are had."""
    before = [(name, best.finish_terms_days.get(key, 0.0)) for name, key in (("wait", "waiting"), ("set-up", "setup"))]
    said = " and ".join(f"{days(spent)} of {name}" for name, spent in before if spent >= HALF_A_DAY)
    return f"Days count from the order{f', {said} among them' if said else ''}."


def _rented(answer: PlanAnswer, best: Design, left_usd: float) -> Iterator[str]:
    """The cheapest that is not bought, where a purchase leaves more than the run uses up and needs other work."""
    rented = next((each for each in answer.alternatives if each.recovered_usd is None), None)
    if rented is not None and left_usd > best.cost_usd.p50:
        cost, finish = number(rented.cost_usd.p50, "USD", 3), days(rented.finish_days.p50)
        yield f"Without other work for them, the cheapest that is not bought: {rented.name}, {cost}, done in {finish}."


def _chances(answer: PlanAnswer, best: Design) -> str:
    """How likely each limit is kept, and both; empty where there is none."""
    chance, goal, means = best.probability, answer.question.goal, answer.question.means
    said = [f"{likely(chance.in_time)} in time"] if goal.deadline_s is not None else []
    held = "" if best.recovered_usd is None else BOUGHT_IN_BUDGET
    said += [f"{likely(chance.in_budget)} in budget{held}"] if means.budget_usd is not None else []
    said += [f"{likely(chance.both)} both"] if len(said) == 2 else []
    return f"{', '.join(said)}. " if said else ""


def least_sure(best: Design) -> str:
    """What the design rests on that is known least: what was never measured, who sells it."""
    measured = best.outside_calibration[0] if best.outside_calibration else f"{best.evidence.runs} measured runs near"
    return f"{measured}; prices of {counted(best.evidence.providers, 'seller')}"


def _row(each: RankedDesign) -> tuple[str, ...]:
    design = each.design
    chance = design.probability
    return (
        f"{design.chips_held:,} {design.chip}",
        had_as(design.supply, design.availability.tier),
        days(design.finish_days.p50),
        number(design.cost_usd.p50, "USD", 3),
        number(design.cash_usd.p50, "USD"),
        *(_percent(value) for value in (chance.in_time, chance.in_budget, chance.both)),
        design.evidence.grade,
        BOUND if design.bound else TIERS.get(design.availability.tier, design.availability.tier),
    )


def _one_a_kind(designs: Sequence[RankedDesign]) -> list[RankedDesign]:
    """The first of each chip and supply, wherever it is."""
    first = {(each.design.chip, each.design.supply): each for each in reversed(designs)}
    return [each for each in designs if first[each.design.chip, each.design.supply] is each]


def _percent(probability: float) -> str:
    """A probability in a column of percents."""
    return likely(probability).replace("over ", ">").replace("under ", "<").removesuffix(" %")


def _below(answer: PlanAnswer) -> Iterator[tuple[str, str]]:
    if answer.optimum is not None:
        yield "Best for the compute", optimum_words(answer.optimum)
    sure = answer.question.goal.confidence
    yield from _ranked_by(answer, sure)
    yield from _sooner(answer)
    if answer.near_misses:
        yield "Near misses", "; ".join(near_words(each, sure) for each in _cheaper(answer.near_misses)[:NEAR])
    if answer.flips:
        yield "What would change it", "; ".join(flip_words(each) for each in _first(answer.flips))
    if said := tuple(_not_had(answer)):
        yield "Not had", "; ".join(said)


def _not_had(answer: PlanAnswer) -> Iterator[str]:
    """Ways of supply that were planned for and are had for no chip in the number it takes, with the nearest reason."""
    used = {each.supply for each in (answer.best, *answer.alternatives) if each is not None}
    for supply in answer.question.means.supply:
        rejected = [each for each in (*answer.infeasible, *answer.missing_data) if each.supply == supply]
        had = not used.isdisjoint((supply, joining(supply))) or any(each.can_be_had for each in rejected)
        if rejected and not had:
            yield f"{supply}: {nearest_of(rejected).reasons[0].short}"


def _ranked_by(answer: PlanAnswer, confidence: float) -> Iterator[tuple[str, str]]:
    """What decides where another design is better at the median."""
    if answer.best is None or answer.objective not in AT_THE_MEDIAN:
        return
    what, written, at_the_median = AT_THE_MEDIAN[answer.objective]
    middle = at_the_median(answer.best)
    other = next((each for each in answer.alternatives if at_the_median(each) < middle), None)
    if other is not None:
        first, then = (written(each.holds) for each in (answer.best, other))
        sure = format_share(confidence)
        yield "Ranked by", f"the {what} that holds at {sure}: {first}; {other.name}, less at P50: {then}"


def _sooner(answer: PlanAnswer) -> Pairs:
    """The best bargain of those sooner than the cheapest, if it saves as large a share of time as it costs more."""
    best = answer.best
    if best is None or answer.objective != "cheapest":
        return ()
    saved = {
        place: best.finish_days.p50 - each.finish_days.p50
        for place, each in enumerate(answer.pareto)
        if each.cost_usd.p50 > best.cost_usd.p50
    }
    more = {place: answer.pareto[place].cost_usd.p50 - best.cost_usd.p50 for place in saved}
    place = max(saved, key=lambda each: saved[each] / more[each], default=None)
    if place is None or saved[place] / best.finish_days.p50 < more[place] / best.cost_usd.p50:
        return ()
    each = answer.pareto[place]
    for_more = f"by {days(saved[place])} for {number(more[place], 'USD')} more"
    return (("Sooner", f"{for_more}: {each.name}, {each.site}"),)


def _cheaper(near: Sequence[NearMiss]) -> Sequence[NearMiss]:
    """Near misses that would save something first."""
    return sorted(near, key=lambda each: -each.less_usd)


def _first(flips: Sequence[Flip]) -> Sequence[Flip]:
    return flips[:FLIPS]


def _spread(answer: PlanAnswer) -> Pairs:
    """The chips over all the sites, where no site alone has the power for them."""
    over = answer.campuses
    if over is None:
        return ()
    done = f"done in {days(over.finish_days.p50)} for {number(over.cost_usd.p50, 'USD')}, fibre not charged"
    return ((f"Over {len(over.sites)} sites", f"{over.design}, {over.chips_per_site:,} chips at each: {done}"),)


def _why_none(answer: PlanAnswer) -> Pairs:
    """Nearest designs where none fits."""
    near = tuple(("Near miss", near_words(each, answer.question.goal.confidence)) for each in answer.near_misses[:NEAR])
    groups = rejections(answer.infeasible)[:SHORT]
    return (
        *near,
        *_spread(answer),
        *((each.chip, f"{'; '.join(each.short)} → {'; '.join(each.nearest)}") for each in groups),
    )
