from .launch import Launch as Launch
from .launch import launch_of as launch_of
from .plan_values import PlanValues as PlanValues
from .writers import WRITERS as WRITERS
from .writers import Writer as Writer
