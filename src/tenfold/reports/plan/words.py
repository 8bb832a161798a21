"""A plan in words: what was asked, the answer in one sentence, a design's name and key numbers."""

from __future__ import annotations

import datetime

from tenfold.planning.plan import (
    Design,
    Driver,
    Flip,
    Infeasible,
    Means,
    NearMiss,
    PlanAnswer,
    TrainGoal,
    nearest_of,
)
from tenfold.quantities import DAY_S
from tenfold.reports.plan.rejected import NEXT_WITHOUT_A_PLAN
from tenfold.reports.report import Pairs
from tenfold.reports.wording import (
    counted,
    days,
    days_between,
    layout_details,
    layout_text,
    likely,
    number,
    number_between,
    share,
    share_between,
)


def asked(answer: PlanAnswer) -> str:
    """Say what was asked: "Train llama-3.1-405b on 15.6T tokens"."""
    goal = answer.question.goal
    return f"Train {goal.model} on {number(answer.tokens, 'tokens')}"


def verdict(answer: PlanAnswer) -> str:
    """Answer in one sentence: the design, when it is done, what it costs, how likely; or what comes nearest."""
    best = answer.best
    if best is None:
        return _nearest(answer)
    finish = f"done in {days(best.finish_days.p50)} ({days_between(best.finish_days)})"
    cost = f"{number(best.cost_usd.p50, 'USD')} ({number_between(best.cost_usd, 'USD')})"
    goal = answer.question.goal
    sure = f"at {share(goal.confidence)} confidence"
    law = f"{best.bound}. " if best.bound else ""
    said = (
        f"{law}{design_name(best)} is {SUPERLATIVES[answer.objective]} {sure}: {cost}, {finish}; {_both(answer, best)}"
    )
    safer = better_evidenced(answer)
    if safer is None:
        return said
    price = number(safer.cost_usd.p50, "USD")
    other = f"{design_name(safer)} ({price}, evidence {safer.evidence.grade})"
    return f"{said}; {other} has better evidence and is within the doubt"


SUPERLATIVES = {"cheapest": "cheapest", "fastest": "fastest", "least-energy": "least in energy"}


def _both(answer: PlanAnswer, best: Design) -> str:
    goal, means = answer.question.goal, answer.question.means
    limits = [
        name for name, value in (("deadline", goal.deadline_s), ("budget", means.budget_usd)) if value is not None
    ]
    if not limits:
        return "nothing limits it"
    return f"{likely(best.probability.both)} likely to keep {' and '.join(limits)}"


def better_evidenced(answer: PlanAnswer) -> Design | None:
    """First design with a better grade of evidence whose P50 lies within the best one's P10–P90; None without one."""
    best = answer.best
    if best is None:
        return None
    name = "finish_days" if answer.objective == "fastest" else "cost_usd"
    doubt = getattr(best, name)
    surer = (each for each in answer.alternatives if each.evidence.grade < best.evidence.grade)
    return next((each for each in surer if getattr(each, name).p50 <= doubt.p90), None)


def near_words(near: NearMiss, confidence: float) -> str:
    """A near miss in words: "$36M less at 76 %: 8,192 × b200, on-demand"."""
    design = near.design
    saves = [f"{number(near.less_usd, 'USD')} less"] if near.less_usd > 0 else []
    saves += [f"{days(near.sooner_days)} sooner"] if near.sooner_days > 0 and not saves else []
    cost = number(design.cost_usd.p50, "USD")
    return f"{' '.join(saves) or cost} at {missed_by(design, confidence)}: {design.name}"


def missed_by(design: Design, confidence: float) -> str:
    """How likely a design that misses the confidence is; never printed as if it kept it."""
    said, asked = likely(design.probability.both), likely(confidence)
    return f"just under {asked}" if said == asked else said


def flip_words(flip: Flip) -> str:
    """What would change the choice: "price of the chip $4.54/h → $6.1/h: 16,384 × h100-sxm, on-demand"."""
    start, end = (_flip_value(flip, key) for key in ("from", "to"))
    own = str(flip["input"]).endswith(str(flip["choice"]))
    return f"{flip['input']} {_from_to(flip, start, end)}: {'it is chosen' if own else flip['choice']}"


def _from_to(flip: Flip, start: str, end: str) -> str:
    """Two values of an input as printed; of a change that is smaller than what is printed its direction."""
    if start != end:
        return f"{start} → {end}"
    return f"{start}, any {'higher' if float(flip['to']) > float(flip['from']) else 'lower'}"


def _flip_value(flip: Flip, key: str) -> str:
    value, unit, written = float(flip[key]), str(flip["unit"]), str(flip["written"])
    return f"{value:.3g}{written}" if unit == "1" else number(value, unit)


def _nearest(answer: PlanAnswer) -> str:
    if not answer.infeasible and answer.missing_data:
        missing = answer.missing_data[0].reasons[0]
        return f"No design can be made: {missing.short}; {missing.nearest}"
    if not answer.infeasible:
        return "No design meets the goal; the chips, supply and sites given form no design at all"
    nearest = nearest_of(answer.infeasible)
    short = "; ".join(nearest.said)
    changes = "; ".join(nearest.changes)
    tail = f". Would fit with: {changes}" if changes else ""
    return f"No design meets the goal; nearest: {design_name(nearest)}: {short}{tail}"


def next_steps(answer: PlanAnswer) -> tuple[str, ...]:
    """Commands to type next."""
    if answer.best is None:
        return (NEXT_WITHOUT_A_PLAN,)
    return ("tenfold plan GOAL.toml --json > plan.json, then tenfold export plan.json --to quotes",)


def design_name(design: Design | Infeasible) -> str:
    """Name a design by what is had, how and where: "16,384 × h100-sxm, short contract, us-texas"."""
    return f"{design.name}, {design.site}"


def best_pairs(best: Design) -> Pairs:
    """Key numbers of a design."""
    step, rate = best.step_time_s, best.tokens_per_s_per_chip
    outside = ", ".join(best.outside_calibration)
    return (
        ("System", best.system),
        ("Layout", f"{layout_text(best.layout)}; {layout_details(best.layout)}"),
        ("Software", best.software),
        ("Step time", f"{number(step.p50, 's')} ({number_between(step, 's')})"),
        ("Per chip", f"{number(rate.p50, 'tokens/s')} ({number_between(rate, 'tokens/s')})"),
        ("MFU", f"{share(best.mfu.p50)} ({share_between(best.mfu)})"),
        ("Goodput", f"{share(best.goodput.p50)} ({share_between(best.goodput)})"),
        ("Checkpoint every", number(best.checkpoint_interval_s, "s")),
        ("Cash out first", f"{number(best.cash_usd.p50, 'USD')} ({number_between(best.cash_usd, 'USD')})"),
        *((name, value) for name, value, _ in footprint(best)),
        ("Evidence", evidence_words(best)),
        ("Calibrated by", best.calibration),
        *((("Beyond measurements", outside),) if outside else ()),
    )


def evidence_words(design: Design) -> str:
    """Say the evidence of a design."""
    known = design.evidence
    scale = "none of its kind" if known.scale_ratio is None else f"{known.scale_ratio:.2g} times the largest"
    return f"{known.grade}: {known.runs} measured runs, {scale}; {counted(known.providers, 'seller')}"


def footprint(design: Design) -> tuple[tuple[str, str, str], ...]:
    """List power, energy, water and carbon of a design, in the units of figures, each with its key."""
    return (
        ("Facility power", number(design.power_mw * 1e6, "W"), "power_mw"),
        ("Energy", number(design.energy_mwh * 3.6e9, "J"), "energy_mwh"),
        ("Water", number(design.water_m3 * 1e3, "L"), "water_m3"),
        ("Carbon", number(design.carbon_t * 1e3, "kg"), "carbon_t"),
    )


def driver_effect(driver: Driver) -> tuple[str, str]:
    """Print what finish and cost go from and to as the driver goes from its P10 to its P90."""
    finish = " → ".join(days(value) for value in driver.finish_days)
    cost = " → ".join(number(value, "USD") for value in driver.cost_usd)
    return finish, cost


def asked_pairs(answer: PlanAnswer) -> Pairs:
    """List the goal and the means as they were understood."""
    goal, means = answer.question.goal, answer.question.means
    return (
        ("Model", goal.model),
        ("Tokens", number(answer.tokens, "tokens")),
        ("Sequence length", number(goal.sequence_length, "tokens")),
        ("Global batch", f"{answer.global_batch:,} sequences"),
        ("Precision", goal.precision),
        ("Deadline", _deadline(goal)),
        ("Objective", f"{answer.objective}, at least {share(goal.confidence)} likely"),
        *_means_pairs(means),
    )


def _deadline(goal: TrainGoal) -> str:
    if goal.deadline_s is None:
        return "none"
    by = goal.deadline_s
    return by.isoformat() if isinstance(by, datetime.date) else days(by / DAY_S)


def _means_pairs(means: Means) -> Pairs:
    return (
        ("Budget", "none" if means.budget_usd is None else number(means.budget_usd, "USD")),
        ("Power limit", "none" if means.power_w is None else number(means.power_w, "W")),
        ("Chips", ", ".join(means.chips or ()) or "every chip that can train"),
        ("Chips counted", _chips_counted(means)),
        ("Supply", ", ".join(means.supply)),
        ("Sites", ", ".join(means.sites or ()) or "every site"),
    )


def _chips_counted(means: Means) -> str:
    if means.chips_exactly is not None:
        return f"exactly {means.chips_exactly:,}"
    most = "no limit said" if means.max_chips is None else f"at most {means.max_chips:,}"
    return most if means.chips_at_least is None else f"at least {means.chips_at_least:,}, {most}"
