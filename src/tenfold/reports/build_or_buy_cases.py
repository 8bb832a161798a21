"""Cases of build or buy: other kinds of chips, a chip of one's own, a mix, a build that may be stopped."""

from __future__ import annotations

from collections.abc import Iterator

from tenfold.planning.build_or_buy import AsicCase, BuildOrBuyAnswer, MixCase, StagedCase
from tenfold.quantities import Percentiles
from tenfold.reports.report import Section, Table
from tenfold.reports.wording import between, number, number_between, share


def case_sections(answer: BuildOrBuyAnswer) -> Iterator[Section]:
    """What was asked beside the ways."""
    if answer.kinds:
        rows = tuple((each.kind, str(each.scored), each.why or "–") for each in answer.kinds)
        table = Table(headers=("kind", "scored", "not scored"), rows=rows, numeric=" r ")
        lead = "Chips that serve were chosen among those with figures and a price; no other is scored."
        yield Section(title="Kinds of chips", lead=lead, tables=(table,), full=True)
    if answer.asic is not None:
        yield _asic(answer.asic)
    if answer.mix is not None:
        yield _mix(answer.mix)
    if answer.staged is not None:
        yield _staged(answer.staged)


def _asic(case: AsicCase) -> Section:
    pairs = (
        ("Stands for", case.stands_for),
        ("Whose hour costs", f"{_hour(case.replaced_usd_per_hour)}, in the mean of the years, while chips get better"),
        ("Repaid from", f"{_count(case.chips.p50)} chips ({between(_count(case.chips.p10), _count(case.chips.p90))})"),
        ("Which answer", f"{_tokens(case.tokens_per_month.p50)} a month"),
        ("This traffic needs", f"{_count(case.needed)} in the last month"),
        ("Saves anything", f"in {share(case.chance)} of draws"),
    )
    return Section(title="A chip of your own", lead="Design paid once, over the chips that repay it.", pairs=pairs)


def _hour(spread: Percentiles) -> str:
    return f"{number(spread.p50, 'USD/h')} ({number_between(spread, 'USD/h')})"


def _count(value: float) -> str:
    return f"{value:,.0f}" if value < float("inf") else "no number of"


def _tokens(value: float) -> str:
    return number(value, "tokens") if value < float("inf") else "no number of tokens"


def _mix(case: MixCase) -> Section:
    pairs = [("Moved to", case.what), ("Beside", case.beside)]
    if case.no_figures:
        pairs.append(("Not scored", case.no_figures))
    if case.cost_over_alone is not None:
        pairs.append(("Cost over the chip alone", _times(case.cost_over_alone)))
    if case.price_at_break_even is not None:
        pairs.append(("Pays below", _hour(case.price_at_break_even)))
    return Section(title="A mix of chips", pairs=tuple(pairs))


def _times(spread: Percentiles) -> str:
    return f"{spread.p50:.2f}× ({spread.p10:.2f}×–{spread.p90:.2f}×)"


def _staged(case: StagedCase) -> Section:
    go = (
        f"where a month has {number(case.from_tokens_per_month, 'tokens')} or more"
        if case.from_tokens_per_month is not None
        else ("always" if case.chance else "never")
    )
    pairs = (
        ("Way", case.way),
        ("Saved against calling, built at once", number(case.committed_usd, "USD")),
        ("Saved in two parts, with the right to stop", number(case.staged_usd, "USD")),
        ("The right to stop is worth", number(case.option_usd, "USD")),
        ("Go on", f"{go}: {share(case.chance)} of draws"),
    )
    return Section(title="In two parts", lead="Means over all draws; below zero is a loss.", pairs=pairs)
