"""Reinforcement learning over sites: asked (``question``), timed round its loop (``rollouts``), told (``answer``)."""

from tenfold.planning.rollouts.answer import RolloutsAnswer
from tenfold.planning.rollouts.question import RolloutsQuestion

__all__ = ["RolloutsAnswer", "RolloutsQuestion"]
