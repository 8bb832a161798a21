"""What workers are forked with: the rooms that most questions need, loaded once."""

from importlib import import_module

from tenfold.studies.ask import answerer_of
from tenfold.studies.questions import QUESTIONS, address_of

for name in QUESTIONS:
    answerer_of(name)
    import_module(f"tenfold.reports.{address_of(name).replace('-', '_')}")
import_module("tenfold.interfaces.web.work").catalog_of(())
