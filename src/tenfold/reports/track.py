"""The report of a running job against its plan."""

from __future__ import annotations

from tenfold.quantities import Percentiles
from tenfold.reports.cards import Card
from tenfold.reports.explain import Topic, Topics
from tenfold.reports.report import Report, Section, Terms
from tenfold.reports.wording import number, share
from tenfold.validation.track import TrackAnswer

DAY_S = 86_400.0
TOPICS: Topics = {
    "finish_days": Topic(unit="days", words="setup + the log's time + steps left × step ÷ share of time that trains"),
    "remaining_days": Topic(unit="days", words="steps left × step ÷ share of time that trains"),
    "late_days": Topic(
        unit="days", words="the end now less the plan's, by cause", terms="late_by_days", terms_unit="days"
    ),
    "steps_done": Topic(unit="", words="last step that the log shows"),
}


def _days(value: float) -> str:
    return number(value * DAY_S, "s")


def _card(name: str, found: Percentiles, path: str) -> Card:
    return Card(name=name, value=_days(found.p50), low=_days(found.p10), high=_days(found.p90), path=path)


def verdict(answer: TrackAnswer) -> str:
    """Answer in one sentence."""
    late = answer.finish_days.p50 - answer.planned_finish_days.p50
    how = f"{_days(abs(late))} {'later' if late > 0 else 'earlier'} than planned"
    kept = {None: "", True: ", within the deadline", False: ", past the deadline"}[answer.in_time]
    done = f"{answer.steps_done:,} of {answer.steps_total:,} steps done"
    return f"{done}: {_days(answer.remaining_days.p50)} to go, {how}{kept}"


def report(answer: TrackAnswer) -> Report:
    """Turn the answer into a report."""
    late = answer.finish_days.p50 - answer.planned_finish_days.p50
    day = f"{answer.finish_day}" if answer.finish_day else "not known: the log has no times"
    pairs = (
        ("Step", f"{number(answer.step_time_s.p50, 's')}; planned {number(answer.planned_step_time_s.p50, 's')}"),
        ("Time that trains", f"{share(answer.goodput.p50)}; planned {share(answer.planned_goodput.p50)}"),
        ("Done so far", f"{answer.steps_done:,} of {answer.steps_total:,} steps in {_days(answer.elapsed_days)}"),
        ("Setup, and before the log", _days(answer.before_log_days)),
        ("Day of the end", day),
    )
    terms = Terms(title="What moved the end", values=answer.late_by_days, unit="days", headline="late_days")
    return Report(
        title="Tenfold track",
        question=f"When does the run of {answer.question.log} end, by the plan {answer.question.plan}?",
        verdict=verdict(answer),
        good=answer.in_time is not False and late <= 0.1 * answer.planned_finish_days.p50,
        made=answer.made,
        cards=(
            _card("Ends after", answer.finish_days, "finish_days"),
            _card("To go", answer.remaining_days, "remaining_days"),
            _card("Planned", answer.planned_finish_days, "planned_finish_days"),
        ),
        sections=(Section(title="The run", pairs=pairs), Section(title="Late by", terms=(terms,))),
        notes=answer.notes,
        assumptions=answer.assumptions,
        figures=answer.figures,
    )
