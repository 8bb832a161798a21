"""Sites: what a run takes from the place it runs at, what the place allows, and training over several of them.

energy      power, energy, water and carbon from chips, PUE, WUE and the grid
limits      chips within a power connection; how much power is short
grid        power energised in stages; the day a demand fits
power       stages of a site by date: as stated, from when it is ready, on a day
wan         fibre between sites: latency, distance, transfers, all-reduces
algorithms  rivals for training over several sites: traffic, exposed time, failure isolation
loss        what synchronising rarely costs in loss, and the tokens that make up for it
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
