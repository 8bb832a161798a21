"""What workers are forked with: the rooms and the records of the catalog that most questions need, read once."""

from importlib import import_module

from tenfold.studies import QUESTIONS, address_of, answerer_of

for name in QUESTIONS:
    answerer_of(name)
    import_module(f"tenfold.reports.{address_of(name).replace('-', '_')}")
catalog = import_module("tenfold.interfaces.web.work").catalog_of(())
for folder in ("sources", "assumptions", "calibrations", "chips", "systems", "fabrics", "sites", "software", "hazards"):
    list(getattr(catalog, folder).values())
for rows in ("rented", "bought"):
    getattr(catalog.price_rows, rows)
