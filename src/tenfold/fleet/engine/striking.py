"""All that strikes a fleet and its jobs from outside: machines that fail, silent corruption, spot chips taken back."""

from __future__ import annotations

from collections.abc import Sequence

from tenfold.fleet.engine.contest import Contest
from tenfold.fleet.engine.corrupting import Corruptions
from tenfold.fleet.engine.failing import Machines
from tenfold.fleet.engine.taking_back import absorb, foretell
from tenfold.fleet.spot import SpotTerm


class Strikes:
    """When it strikes next, and that it does."""

    def __init__(self, contest: Contest, spot: Sequence[SpotTerm], begin_s: float, seed: int) -> None:
        foretell(contest, spot, begin_s)
        self._contest = contest
        self._machines, self._silent = Machines(contest, begin_s, seed), Corruptions(contest, begin_s, seed)
        self._foresee()

    def _foresee(self) -> None:
        self.next_s = min(self._machines.next_s, self._silent.next_s)
        """Time of the next that is drawn and no event; looked at twice an event, so it is kept."""

    def strike(self) -> None:
        """Let the next one strike."""
        if self._machines.next_s <= self._silent.next_s:
            self._machines.fail()
        else:
            self._silent.strike()
        self._foresee()

    def absorb(self) -> None:
        """Take what is free of chips that are being taken back."""
        if self._contest.leaving:
            absorb(self._contest)
