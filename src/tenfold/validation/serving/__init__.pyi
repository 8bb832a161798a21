from .scored import ScoredServing as ScoredServing
