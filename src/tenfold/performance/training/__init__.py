"""Training performance: setups from the catalog, estimates of a layout, exhaustive search over layouts."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
