"""The race judged backwards: hindcasts by the same kernel against simple rivals.

question, answer     what can be asked and what is told
blocks               the eight blocks of what is observed; actuals: later rows from a file
start, hindcast      where a hindcast starts, and the kernel from there told as what is observed
rivals, scores       simple extrapolations; CRPS, coverage, bootstrap; scored: both together
"""

from tenfold.race.backtest.answer import RaceBacktestAnswer
from tenfold.race.backtest.question import RaceBacktestQuestion

__all__ = ["RaceBacktestAnswer", "RaceBacktestQuestion"]
