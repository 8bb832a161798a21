"""What layouts may be chosen from: the space that a chip's software offers."""

from __future__ import annotations

from dataclasses import replace

from tenfold.performance.training.layout import Layout
from tenfold.performance.training.setup import CalibratedSetup
from tenfold.performance.training.space import PLANNING_SPACE, SearchSpace


def space_of(setup: CalibratedSetup) -> SearchSpace:
    """Layouts that the chip's software offers."""
    software = setup.software
    return replace(
        PLANNING_SPACE,
        virtual_stages=PLANNING_SPACE.virtual_stages if software.interleaved else (1,),
        sequence_parallel=(int(software.sequence_parallel),),
    )


def layout_at(layouts: Layout, place: int) -> Layout:
    """One of a column of layouts."""
    return Layout(**{name: getattr(layouts, name)[place] for name in Layout.__slots__})
