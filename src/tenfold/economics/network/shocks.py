"""From shocks to means and liabilities by scenario.

    means        cash + income + funding·(1 − stop) − revenue·(1 − (1 − miss)(1 − halt)(1 − lost))
    lost         Σ_i halt_i · supply_ji / Σ_i supply_ji       revenue of j goes with the capacity it rents
    liabilities  supply·(1 − halt of the supplier) + interest + maturing·(1 − refinanced·(1 − stop)) + called
    called       backed·max(0, 1 − limit·(1 − fall)/loan to value)

A miss takes revenue, and costs stay as they are. Capacity that is not delivered is not paid for. Costs outside the
network rank before everything inside: means below zero are costs that what is received has to pay first. When chips
lose value, debt backed by them is called down to the limit. Shocks are shares from 0 to 1 and hold for the whole year.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np

from tenfold.economics.network.network import Network
from tenfold.quantities import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Shocks:
    """Shares lost, one row a scenario; a single row holds for all scenarios."""

    revenue_miss: Floats
    """(scenario, player)."""
    supplier_halt: Floats
    """(scenario, player)."""
    chip_price_fall: Floats
    """(scenario)."""
    refinancing_stop: Floats
    """(scenario)."""

    @property
    def scenarios(self) -> int:
        """How many there are."""
        return max(len(getattr(self, field.name)) for field in fields(self))

    @property
    def same_liabilities(self) -> bool:
        """Whether nothing that liabilities depend on differs between scenarios."""
        return max(len(self.supplier_halt), len(self.chip_price_fall), len(self.refinancing_stop)) == 1

    def rows(self, part: slice) -> Shocks:
        """Some of the scenarios."""
        values: Mapping[str, Floats] = {field.name: getattr(self, field.name) for field in fields(self)}
        return Shocks(**{name: value if len(value) == 1 else value[part] for name, value in values.items()})


@dataclass(frozen=True, slots=True, kw_only=True)
class DebtTerms:
    """What holds for all debts; shares."""

    refinanced_share: float
    """Of maturing principal, as long as refinancing does not stop."""
    loan_to_value: float
    """Of debt backed by chips, before the price falls."""
    loan_to_value_limit: float
    """Debt above this share of the chips' value is called."""


def no_shocks(players: int) -> Shocks:
    """One scenario in which nothing happens."""
    return Shocks(
        revenue_miss=np.zeros((1, players)),
        supplier_halt=np.zeros((1, players)),
        chip_price_fall=np.zeros(1),
        refinancing_stop=np.zeros(1),
    )


def shocked_means_usd(network: Network, shocks: Shocks) -> Floats:
    """Means by scenario and player, by the first two formulas of this module. Raises nothing."""
    rented = network.supply_usd.sum(axis=1, keepdims=True)
    reliance = np.divide(network.supply_usd, rented, out=np.zeros_like(network.supply_usd), where=rented > 0.0)
    lost = shocks.supplier_halt @ reliance.T
    kept = (1.0 - shocks.revenue_miss) * (1.0 - shocks.supplier_halt) * (1.0 - lost)
    raised = network.funding_usd * (1.0 - shocks.refinancing_stop[:, None])
    return np.asarray(network.cash_usd + network.income_usd + raised - network.revenue_usd * (1.0 - kept))


def shocked_supply_usd(network: Network, shocks: Shocks) -> Floats:
    """What is due for capacity that is delivered, (scenario or 1, who pays, who is paid). Raises nothing."""
    return network.supply_usd * (1.0 - shocks.supplier_halt)[:, None, :]


def shocked_liabilities_usd(network: Network, shocks: Shocks, terms: DebtTerms) -> Floats:
    """Liabilities, (scenario or 1, who pays, who is paid), by the last two formulas of this module. Raises nothing."""
    repaid = 1.0 - terms.refinanced_share * (1.0 - shocks.refinancing_stop)
    worth = terms.loan_to_value_limit * (1.0 - shocks.chip_price_fall) / terms.loan_to_value
    called = np.maximum(1.0 - worth, 0.0)
    steady = shocked_supply_usd(network, shocks) + network.interest_usd
    scenarios = max(len(steady), len(repaid), len(called))
    owed = np.multiply(network.maturing_usd, repaid[:, None, None], out=np.empty((scenarios, *steady.shape[1:])))
    owed += steady
    debtor, lender = np.nonzero(network.gpu_backed_usd)
    owed[:, debtor, lender] += network.gpu_backed_usd[debtor, lender] * called[:, None]
    return owed
