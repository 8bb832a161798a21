"""Taking measurements with PyTorch, which is imported only when measuring begins.

tasks         what is timed, by what the device can do in the time; knows no PyTorch
measure       one task after another, each kept when it is done
device        the device, its clock and its formats
kernels, transformer, collectives    what a task runs
"""

from tenfold.validation.chip.measuring.measure import Keep, measure
from tenfold.validation.chip.measuring.tasks import QUICK, THOROUGH, Effort

__all__ = ["QUICK", "THOROUGH", "Effort", "Keep", "measure"]
