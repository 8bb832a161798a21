from .runs import NEEDED_COLUMNS as NEEDED_COLUMNS
from .runs import MeasuredRun as MeasuredRun
from .scored import ScoredRuns as ScoredRuns
