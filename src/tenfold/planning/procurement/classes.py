"""Finding groups of chips that every workload treats alike, and classes of options that every scenario treats alike."""

from __future__ import annotations

import numpy as np

from tenfold.planning.procurement.model import Classes, Groups
from tenfold.planning.procurement.payments import (
    discount_factors,
    left_present_value,
    orders_by,
    paid_present_value,
    running_present_value,
)
from tenfold.planning.procurement.programme import Programme
from tenfold.quantities import Floats, Indices

DIGITS = 12
"""Significant digits in which the chips of a group agree."""


def find_groups(programme: Programme) -> Groups:
    """Group chips by what they are worth to each workload, up to a factor."""
    rates = np.concatenate([programme.commitments.h100e_per_chip, programme.rentals.h100e_per_chip])
    units = rates.max(axis=1, initial=0.0)
    scaled = np.round(rates / np.where(units > 0, units, 1.0)[:, None], DIGITS)
    direction, which = np.unique(scaled, axis=0, return_inverse=True)
    options = len(programme.commitments.names)
    which = which.ravel()
    return Groups(
        direction=direction,
        option=which[:options],
        offer=which[options:],
        option_units=units[:options],
        offer_units=units[options:],
    )


def find_classes(programme: Programme, groups: Groups) -> Classes:
    """Find the classes and their present values; one representative of each is worked out."""
    rows, what = programme.commitments, programme.scenarios
    count = len(rows.names)
    marks = np.concatenate(
        [
            np.stack([groups.option, rows.lead_quarters, rows.term_quarters, rows.owned, rows.deposit_share], axis=1),
            _by_option(what.delivered, count),
            _by_option(what.price, count),
            what.value_kept.T,
        ],
        axis=1,
    )
    first, which = _distinct_rows(marks)
    discount = discount_factors(len(programme.quarters), programme.discount_rate_per_year)
    delivered, price, term = what.delivered[:, first], what.price[:, first], rows.term_quarters[first]
    return Classes(
        of_option=which,
        group=groups.option[first],
        paid=paid_present_value(
            price,
            delivered,
            deposit_share=rows.deposit_share[first],
            lead_quarters=rows.lead_quarters[first],
            discount=discount,
        ),
        left=left_present_value(
            price,
            delivered,
            value_kept=what.value_kept[:, first],
            discount=discount,
            life_quarters=programme.life_quarters,
            residual_share=programme.residual_share,
        ),
        running=running_present_value(price, delivered, term_quarters=term, owned=rows.owned[first], discount=discount),
        delivered_orders=orders_by(delivered),
        ended_orders=orders_by(delivered + term[:, None]),
    )


def _by_option(columns: Floats | Indices, count: int) -> Floats:
    """Turn (s, o, t) into a row for each option."""
    each = columns.shape[0] * columns.shape[2]
    return np.moveaxis(columns, 1, 0).reshape(count, each).astype(np.float64)


def _distinct_rows(marks: Floats) -> tuple[Indices, Indices]:
    """Give the first of each kind of row, and the kind of each row; rows are compared as bytes."""
    plain = np.ascontiguousarray(marks + 0.0)
    keys = plain.view(np.dtype((np.void, plain.dtype.itemsize * plain.shape[1]))).ravel()
    _, first, which = np.unique(keys, return_index=True, return_inverse=True)
    return first, which.ravel()
