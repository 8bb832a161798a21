"""What was chosen to train, where the goal asks for what spends compute best; and what smaller models lose."""

from __future__ import annotations

from tenfold.planning.plan import Optimum, SmallerModel
from tenfold.reports.report import Section, Table
from tenfold.reports.wording import number, number_between


def optimum_words(optimum: Optimum) -> str:
    """The choice in one line, with what half the size loses."""
    half = optimum.smaller[0]
    size, tokens = number(optimum.parameters, "parameters"), number(optimum.tokens, "tokens")
    between = number_between(optimum.parameters_range, "parameters")
    lost = f"half the size loses {half.loss_more_nats.p50:.2g} nats"
    return f"{size} ({between}) on {tokens}, {number(optimum.flops, 'FLOP')}; {lost}"


def optimum_section(optimum: Optimum) -> Section:
    """The choice with its doubt, and smaller models beside it."""
    rows = tuple(_smaller(each) for each in optimum.smaller)
    headers = ("parameters", "tokens for the same compute", "loss more, nats", "compute for the same loss")
    return Section(
        title="What the compute trains best",
        first=True,
        lead="A smaller model on more tokens costs less to serve: what it loses on the same compute, or needs for the "
        "same loss. The law is of dense models that see each token about once.",
        pairs=(
            ("Model", optimum.model),
            ("Parameters", _with_range(optimum.parameters, optimum, "parameters")),
            ("Tokens", _with_range(optimum.tokens, optimum, "tokens")),
            ("Compute", number(optimum.flops, "FLOP")),
            ("Loss", f"{optimum.loss_nats.p50:.3g} nats ({optimum.loss_nats.p10:.3g}–{optimum.loss_nats.p90:.3g})"),
            *(("Beyond the fit", each) for each in optimum.beyond_fit),
        ),
        tables=(Table(title="Smaller models", headers=headers, rows=rows, numeric="rrrr"),),
    )


def _with_range(value: float, optimum: Optimum, what: str) -> str:
    return f"{number(value, what)} ({number_between(getattr(optimum, f'{what}_range'), what)})"


def _smaller(each: SmallerModel) -> tuple[str, ...]:
    more = each.compute_for_same_loss
    return (
        number(each.parameters, "parameters"),
        number(each.tokens, "tokens"),
        f"{each.loss_more_nats.p50:.2g} ({each.loss_more_nats.p10:.2g}–{each.loss_more_nats.p90:.2g})",
        f"{more.p50:.3g} times ({more.p10:.3g}–{more.p90:.3g})",
    )
