"""What workers are forked with: the rooms that most questions need, loaded once."""

from importlib import import_module

from tenfold.studies import QUESTIONS, address_of, answerer_of

for name in QUESTIONS:
    answerer_of(name)
    import_module(f"tenfold.reports.{address_of(name).replace('-', '_')}")
import_module("tenfold.interfaces.web.work").catalog_of(())
