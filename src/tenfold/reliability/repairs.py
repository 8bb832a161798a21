"""What happens around a failure: repairs in stages, wrong diagnoses, standbys that are warm or not, planned stops.

Each is one equation that gives what ``working`` takes: a repair time, hazards, a restart time, a share of wall time.
The components are those of the simulator of Lin, Pattabiraman and Patel, AIReSim, arXiv:2603.07041; the equations are
textbook means. They hold for stages, diagnoses and failures that are independent of one another.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tenfold.quantities import Column, Floats
from tenfold.reliability.components import HARDWARE, JobHazards
from tenfold.reliability.spares import blocked_share


def repair_in_stages_s(automatic_s: Column, manual_s: Column, manual_share: Column) -> Floats:
    """Mean time a unit is away: T₁ + q T₂, where a share q of automatic repairs goes on to people. Broadcasts.

    The mean is all that counts: units under repair are Poisson whatever the distribution [Takács 1962].
    """
    return np.add(automatic_s, np.multiply(manual_share, manual_s))


def with_wrong_diagnoses(hazards: JobHazards, wrong_share: Column) -> JobHazards:
    """The same hazards where a share p of diagnoses takes out a healthy unit, and the faulty one stops the job again.

    λ/(1 − p) for hardware: the number of stops until the right unit is out is geometric. As many units go to repair.
    Broadcasts; ``wrong_share`` lies below 1.
    """
    hardware = hazards.of_kinds(*HARDWARE)
    return replace(hazards, rate_per_s=hazards.rate_per_s + hardware * (1.0 / (1.0 - np.asarray(wrong_share)) - 1.0))


def restart_with_standbys_s(
    warm_s: Column, cold_s: Column, standbys: Column, rate_per_s: Column, warm_up_s: Column
) -> Floats:
    """Mean restart where W nodes stand warm: warm · (1 − B) + cold · B,  B = B(W, λ T) the loss formula of Erlang.

    A failure takes a warm node, and the spare that follows it is warm after T; one that finds none waits for a cold
    start. Broadcasts; ``standbys`` is whole.
    """
    missed = blocked_share(standbys, np.multiply(rate_per_s, warm_up_s))
    return np.asarray(np.multiply(warm_s, 1.0 - missed) + np.multiply(cold_s, missed))


def planned_share(stop_s: Column, every_s: Column) -> Floats:
    """Share of wall time that planned maintenance takes, saving and restarting included: stop ÷ period. Broadcasts.

    A planned stop loses no work, since the job saves first. Llama 3 405B had 47 of them in 54 days (arXiv:2407.21783).
    """
    return np.asarray(np.divide(stop_s, every_s))
