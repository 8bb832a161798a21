"""One's own chip, measured: kernels, collectives and a short training run become constants of an overlay.

question, answer    what can be asked, what is said; the answer becomes an overlay of the catalog (``overlay``)
measured            measurements as a file
refusals            when measurements are not those of the chip
fits, reached       kernels as constants, and what stands between a constant and what is reached
fabrics, steps      collectives as figures of fabrics; a measured training step against its prediction
chip                the answer put together
measuring           taking the measurements, with PyTorch
"""

from tenfold.validation.chip.answer import CalibrateChipAnswer
from tenfold.validation.chip.measured import MEASUREMENTS_FILE
from tenfold.validation.chip.question import CalibrateChipQuestion

__all__ = ["MEASUREMENTS_FILE", "CalibrateChipAnswer", "CalibrateChipQuestion"]
