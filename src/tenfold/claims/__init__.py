"""Statements about AI compute, and the calculations that judge them.

question, answer       what can be asked; what is said
ledger                 statements and their checks, as files hold them
shipped                those that come along: ``data`` has a file for each essay
asking                 questions asked for checks, each once; figures changed for the time of a check
found                  numbers with their range, from answers and from the catalog
judging                a check becomes a finding, the findings of a statement its verdict
claims                 the answer put together
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
