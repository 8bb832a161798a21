"""One's own chip, measured: kernels, collectives and a short training run become constants of an overlay.

question, answer    what can be asked, what is said; the answer becomes an overlay of the catalog (``overlay``)
measured            measurements as a file
refusals            when measurements are not those of the chip
fits, reached       kernels as constants, and what stands between a constant and what is reached
fabrics, steps      collectives as figures of fabrics; a measured training step against its prediction
chip                the answer put together
measuring           taking the measurements, with PyTorch
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
