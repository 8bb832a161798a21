"""GPU clouds to test with: one that a person can follow by hand, and any other."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from tenfold.economics.cloud import CloudInputs, Contract, Fleet, Loan, TaxRules
from tenfold.economics.debt import DEBTS
from tenfold.economics.depreciation import SCHEDULES, accelerated

MACRS = accelerated([0.2, 0.32, 0.192, 0.1152, 0.1152, 0.0576])


def one_hot(place: int, length: int, width: int = 1) -> np.ndarray:
    out = np.zeros(length)
    out[place : place + width] = 1.0 / width
    return out


@st.composite
def clouds(draw: st.DrawFn) -> CloudInputs:
    """Any cloud: vintages, deliveries, contracts, loans, taxes, three draws of life, price and rate."""
    quarters = 44

    def number(low: float, high: float) -> float:
        return low + (high - low) * draw(st.integers(0, 100)) / 100.0

    def column(low: float, high: float) -> np.ndarray:
        return np.array([[number(low, high)] for _ in range(3)])

    fleets = []
    for place in range(draw(st.integers(1, 2))):
        ahead = draw(st.integers(0, 2))
        life = column(1.0, 6.0)
        fleets.append(
            Fleet(
                name=f"fleet {place}",
                chips=number(1.0, 5000.0),
                delivered=one_hot(draw(st.integers(ahead, 6)), quarters, draw(st.integers(1, 4))),
                paid_ahead_quarters=ahead,
                capex_usd_per_chip={"chips": column(1e4, 5e4), "network": number(0.0, 9e3)},
                shell_usd_per_chip=number(0.0, 2e4),
                shell_life_years=number(8.0, 20.0),
                service_life_years=life,
                book_life_years=number(2.0, 7.0),
                schedule=SCHEDULES[draw(st.sampled_from(sorted(SCHEDULES)))],
                book_residual_share=number(0.0, 0.3),
                resale_share=number(0.0, 0.5),
                decommissioning_usd_per_chip=number(0.0, 500.0),
                opex_usd_per_chip_year={"power": column(0.0, 3e3), f"line {place}": number(0.0, 2e3)},
                market_price_usd_per_chip_hour=column(0.2, 5.0) * 0.97 ** np.arange(quarters),
                market_utilisation=number(0.0, 1.0),
            )
        )
    contract = Contract(
        name="contract",
        fleet="fleet 0",
        chips=number(0.0, 5000.0),
        price_usd_per_chip_hour=column(0.5, 4.0),
        active=one_hot(draw(st.integers(0, 9)), quarters, 8) * 8,
        take_or_pay_share=number(0.0, 1.0),
        utilisation=number(0.0, 1.0),
    )
    loans = [
        Loan(
            name=kind,
            kind=DEBTS[kind],
            fleets=tuple(fleet.name for fleet in fleets),
            share=number(0.0, 0.25),
            rate_per_year=column(0.0, 0.2),
            term_quarters=draw(st.integers(1, 24)),
            interest_only_quarters=draw(st.integers(0, 6)),
            reserve_quarters=draw(st.sampled_from((0, 2))),
        )
        for kind in sorted(DEBTS)
    ]
    return CloudInputs(
        quarters=quarters,
        fleets=tuple(fleets),
        contracts=(contract,),
        loans=tuple(loans),
        overhead_usd_per_year=number(0.0, 1e6),
        opex_change_per_year=number(-0.05, 0.1),
        tax=TaxRules(
            rate=number(0.0, 0.4),
            interest_limit_share=draw(st.sampled_from([None, 0.3])),
            loss_limit_share=draw(st.sampled_from([1.0, 0.8])),
        ),
        tax_schedule=draw(st.sampled_from([None, MACRS])),
        cash_at_start_usd=number(0.0, 1e6),
    )
