from .one_point import AfterOnePoint as AfterOnePoint
from .scored import ScoredServing as ScoredServing
