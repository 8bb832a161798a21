"""Charts of results as Apache ECharts options, in plain data.

* ``chart``: the record, axes, scales. ``waterfall``: terms to their sum. ``bars``: stacked, memory, swings.
* ``columns``: parts over quarters, with a limit. ``spans``: several values of each name, such as P10, P50 and P90.
* ``scatter``: cost against finish. ``lines``: curves, fans, named points. ``distribution``: histogram, cumulative.
* ``heat``: what holds for whom in each quarter.
* ``dots``: values side by side. ``ranges``: P10 to P90 side by side. ``graph``: places and links.
* ``sankey``: flows between players.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
