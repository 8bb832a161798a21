"""Kinds of files Tenfold reads, and where each is found. Nothing is imported: shells complete with these."""

from __future__ import annotations

from collections.abc import Mapping

WHAT: Mapping[str, str] = {
    "source": "DIR/sources/*.toml of a catalog overlay",
    "chip": "DIR/chips/*.toml",
    "system": "DIR/systems/*.toml",
    "fabric": "DIR/fabrics/*.toml",
    "model": "DIR/models/*.toml",
    "site": "DIR/sites/*.toml",
    "link": "DIR/links/*.toml, classes of fibre between sites",
    "hazards": "DIR/hazards/*.toml, how often parts fail",
    "export-rule": "DIR/export_rules/*.toml",
    "technology": "DIR/technologies/*.toml",
    "service": "DIR/services/*.toml, models that are paid for by the token",
    "player": "DIR/players/*.toml",
    "assumption": "DIR/assumptions/*.toml",
    "calibration": "DIR/calibrations/*.toml, as `tenfold calibrate` writes it",
    "software": "DIR/software/*.toml",
    "engine": "DIR/engines/*.toml, serving engines",
    "rental-prices": "a row of DIR/prices/rental.csv",
    "purchase-prices": "a row of DIR/prices/purchase.csv",
    "availability": "a row of DIR/prices/availability.csv, who offers how many chips",
    "runs": "a row of the RUNS.csv of `tenfold validate` and `tenfold calibrate`",
}
