"""Race: the players of the AI compute race, quarter by quarter, and who reaches which compute when.

question, casting, contradictions   what can be asked; what a case changes; what cannot be
world, opening, series, nowcast     the start as columns, from what is dated at or before it
equations                           ten groups of pure functions
state, kernel, luck, events         one quarter after another for a chunk of draws
recording, runs, findings, remarks  what is kept, over threads, and what is told of it; what it does not say
surfaces, ten_times                 what other rooms decide, fitted once; what ten times the compute changes
backtest, log                       the kernel judged backwards; forecasts kept and scored
"""

from tenfold.race.answer import MOSTLY, CaseAnswer, Fan, RaceAnswer
from tenfold.race.question import Case, RaceQuestion

__all__ = ["MOSTLY", "Case", "CaseAnswer", "Fan", "RaceAnswer", "RaceQuestion"]
