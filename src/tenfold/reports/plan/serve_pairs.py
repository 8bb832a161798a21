"""What is said of a fleet only where it applies: cash ahead, chips that are there, caches that wait."""

from __future__ import annotations

from tenfold.planning.plan.serve import FleetDesign
from tenfold.reports.report import Pairs
from tenfold.reports.wording import number, number_between, share

WAIT_AT = {"chip": "on the chips", "host": "in the host's memory", "disk": "on SSDs"}
"""Where caches of conversations wait, as an answer names it."""


def paid_ahead(best: FleetDesign) -> Pairs:
    """What goes out before the chips are there."""
    if best.paid_ahead_usd is None:
        return ()
    return (("Paid ahead", f"{number(best.paid_ahead_usd.p50, 'USD')} before the chips are there"),)


def got_back(best: FleetDesign) -> Pairs:
    """What is left of a purchase."""
    if best.recovered_usd is None:
        return ()
    left = best.recovered_usd
    return (("Left of it after", f"{number(left.p50, 'USD')} ({number_between(left, 'USD')})"),)


def by_law(best: FleetDesign) -> Pairs:
    """What binds the chip."""
    return (("By law", best.bound),) if best.bound else ()


def between_turns(best: FleetDesign) -> Pairs:
    """Where caches of conversations wait."""
    if not best.caches_held:
        return ()
    held = ", ".join(f"{share(each)} {WAIT_AT[name]}" for name, each in best.caches_held.items())
    return (("Between turns", f"caches wait: {held}"),)


def there(best: FleetDesign) -> Pairs:
    """Chips that others join."""
    return (("There already", f"{best.chips_there:,} of the chips"),) if best.chips_there else ()
