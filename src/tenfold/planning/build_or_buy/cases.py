"""Cases beside the ways: a chip of one's own, a mix with another kind of chip, a build that may be stopped."""

from __future__ import annotations

import numpy as np

from tenfold.economics import chips_that_repay, mean_while_falling_usd, mixed_over_alone, value_of_stopping
from tenfold.planning.build_or_buy.answer import AsicCase, MixCase, StagedCase
from tenfold.planning.build_or_buy.monthly import (
    Scene,
    called_terms_usd,
    chip_hour_usd,
    chips_by_month,
    own_terms_usd,
    setup_usd,
)
from tenfold.planning.build_or_buy.own import MONTH_S, OwnWay
from tenfold.planning.build_or_buy.question import Asic, Mix, Staged
from tenfold.quantities import HOURS_PER_YEAR, Percentiles


def asic_case(asked: Asic, drawn: Scene, middle: Scene, way: OwnWay) -> AsicCase:
    """From how many chips on the design of one's own is repaid, and how many the traffic keeps busy.

    It competes over its life with whatever does the same work for less by then, not with today's rent held.
    """
    rent = mean_while_falling_usd(chip_hour_usd(drawn, way), drawn.at("learning"), asked.years)
    replaced = asked.speed * rent
    chips = chips_that_repay(
        drawn.at("design"), asked.unit_usd, asked.running_usd_per_hour, replaced, asked.years * HOURS_PER_YEAR
    )
    answers = chips * asked.speed * drawn.at(f"rate/{way.way}") * MONTH_S / drawn.at("peak")
    return AsicCase(
        stands_for=way.serving.chip,
        replaced_usd_per_hour=Percentiles.of(rent),
        chips=Percentiles.of(chips),
        tokens_per_month=Percentiles.of(answers),
        chance=float(np.isfinite(chips).mean()),
        needed=float(chips_by_month(middle, way)[0, -1] / asked.speed),
    )


def mix_case(asked: Mix, drawn: Scene, way: OwnWay) -> MixCase:
    """What a mix costs over the chip that serves alone; nothing where no figures are given for the other."""
    alone = chip_hour_usd(drawn, way)
    lacks = [name for name in ("speed", "price_usd_per_hour") if getattr(asked, name) is None]
    if asked.speed is None or asked.price_usd_per_hour is None:
        words = f"no figures: give mix.{' and mix.'.join(name.removesuffix('_usd_per_hour') for name in lacks)}"
        return MixCase(
            what=asked.what,
            beside=way.serving.chip,
            no_figures=words,
            cost_over_alone=None,
            price_at_break_even=None if asked.speed is None else Percentiles.of(asked.speed * alone),
        )
    over = mixed_over_alone(asked.share, asked.speed, asked.price_usd_per_hour, alone)
    return MixCase(
        what=asked.what,
        beside=way.serving.chip,
        no_figures="",
        cost_over_alone=Percentiles.of(over),
        price_at_break_even=Percentiles.of(asked.speed * alone),
    )


def staged_case(asked: Staged, drawn: Scene, way: OwnWay) -> StagedCase:
    """The build in two parts: a share of setting up first, the rest once the traffic of a month has been seen."""
    called = sum(each.sum(axis=1) for each in called_terms_usd(drawn).values())
    at_once = called - sum(each.sum(axis=1) for each in own_terms_usd(drawn, way).values())
    first = asked.first_share * setup_usd(drawn, way)[:, 0]
    later = called - sum(each.sum(axis=1) for each in own_terms_usd(drawn, way, float(asked.decide_month)).values())
    signal = drawn.tokens[:, asked.decide_month]
    found = value_of_stopping(np.asarray(signal), np.asarray(later + first), first)
    return StagedCase(
        way=way.way,
        committed_usd=float(np.mean(at_once)),
        staged_usd=found.value_usd,
        option_usd=found.option_usd,
        from_tokens_per_month=found.threshold if np.isfinite(found.threshold) else None,
        chance=found.chance,
    )
