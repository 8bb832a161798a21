"""Forecasts of the race, kept and scored when their quarter comes: question, answer, store, log."""

from tenfold.race.log.answer import RaceLogAnswer
from tenfold.race.log.question import RaceLogQuestion

__all__ = ["RaceLogAnswer", "RaceLogQuestion"]
