"""Economics: what chips cost to rent and to own.

rental      rent by the hour, with a term that must be paid in full
buying      volume from which making is cheaper, a chip of one's own, a mix of chips, the right to stop
capital     straight line, capital recovery, average interest
price_paths the price of renting as a mean-reverting process with scarcity; price_fit its constants from histories
supplies    cash by quarter of renting, reserving, colocation, owning; crossover where one overtakes another
pooling     chips that firms with uncorrelated peaks need together
owning      owning a chip by line: an hour, a life, a year and a run are sums over the same lines
unit_costs, topologies   an hour's cost per FLOP, run, Mtoken, MW; what a network costs by topology and size
depreciation, resale   value in the books and on sale, by age
returns     NPV, IRR, payback, ROE, DSCR of cash flows
debt        level payment, equal principal, bullet, cash sweep
cloud       a GPU cloud's books by quarter
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
