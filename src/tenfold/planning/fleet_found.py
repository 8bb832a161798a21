"""What the catalog knows of a fleet: failures of its machines, speeds of jobs that name a model, its power.

A row of ``FINDERS`` completes the rules with one of them, and gives the figures under it.
"""

from __future__ import annotations

from tenfold.catalog import Catalog
from tenfold.fleet import FleetAsked, Rules, Trace
from tenfold.planning.fleet_power import with_power
from tenfold.planning.fleet_speeds import with_speeds
from tenfold.planning.fleet_upsets import with_upsets
from tenfold.quantities import NamedFigure

FINDERS = (with_upsets, with_speeds, with_power)


class Found:
    """Completes rules when the trace is known, and remembers the figures and notes under them."""

    def __init__(self, asked: FleetAsked, catalog: Catalog) -> None:
        self._asked, self._catalog = asked, catalog
        self.figures: tuple[NamedFigure, ...] = ()
        self.notes: tuple[str, ...] = ()

    def complete(self, trace: Trace, rules: Rules) -> Rules:
        """Rules with failures, speeds and power. Raises ``InputError``, ``MissingFigureError``."""
        for finder in FINDERS:
            rules, figures, notes = finder(self._asked, self._catalog, trace, rules)
            self.figures += figures
            self.notes += notes
        return rules
