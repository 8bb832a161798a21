"""Fleet: shared capacity. Traces become jobs, rules share a fleet among them, and every wait has its reason.

jobs, runs        columns: what was asked, and what was held
traces            readers, each format a row
orders, admissions, placements    strategies with one signature, by name
capacity, lines, engine           what is free, who waits, and the loops over instants
replay, account   a replay, and what is said about it
requests          traces of services, and their replay through routers and replicas
asked             what every question about a fleet is asked
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
