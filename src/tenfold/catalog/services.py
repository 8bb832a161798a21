"""Services: models that are called over the network and paid for by the token, as their sellers list them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from tenfold.catalog.figure_files import FigureIn
from tenfold.catalog.figured import Figured, Own
from tenfold.catalog.records import Name
from tenfold.quantities import Figure, Key, OneOf

SERVICE_TIERS = ("frontier", "balanced", "small", "open")
"""Where a seller places a model among its own, the dearest first; ``open`` is one whose weights anybody may run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service(Figured):
    """A model behind an address, at its list price without discounts for batches and repeated prompts."""

    key: Own = ""
    name: Name
    provider: Name
    """Who sells it."""
    tier: Annotated[str, OneOf(SERVICE_TIERS, "tier")]
    """Where its seller places it."""
    model: str = ""
    """Key of the model of the catalog that it runs; empty where the weights are the seller's own."""
    aliases: tuple[Name, ...] = ()
    notes: tuple[str, ...] = ()
    file: Own = ""
    input_price: Annotated[Figure, FigureIn("USD/token"), Key("price.input")]
    """Of a token of the prompt."""
    output_price: Annotated[Figure, FigureIn("USD/token"), Key("price.output")]
    """Of a token of the answer."""
