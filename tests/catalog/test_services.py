"""Services: every price has two sources, and what a service runs is a model of the catalog."""

from __future__ import annotations

from pathlib import Path

import pytest

from tenfold.catalog import SERVICE_TIERS, load_catalog
from tenfold.catalog.references import check_catalog
from tenfold.quantities import CatalogError

CATALOG = load_catalog()


@pytest.mark.parametrize("key", sorted(CATALOG.services))
def test_a_price_has_two_sources_and_an_answer_costs_no_less_than_a_prompt(key: str) -> None:
    service = CATALOG.services[key]
    for figure in (service.input_price, service.output_price):
        assert figure.unit == "USD/token"
        assert figure.kind == "quote"
        assert figure.checked
        assert figure.checked != figure.source
    assert service.output_price.value >= service.input_price.value
    assert (service.tier == "open") == bool(service.model)


def test_every_tier_is_sold() -> None:
    assert {service.tier for service in CATALOG.services.values()} == set(SERVICE_TIERS)


def test_a_price_is_found_by_its_name() -> None:
    figure = CATALOG.figure_of("services/claude-haiku-4.5/price.output")
    assert figure.value == pytest.approx(5e-6)


def test_a_model_that_is_not_there_is_said(tmp_path: Path) -> None:
    (tmp_path / "services").mkdir()
    text = (Path(CATALOG.services["groq-gpt-oss-120b"].file)).name
    shipped = Path(__file__).parents[2] / "src" / "tenfold" / "catalog" / "data" / "services" / text
    (tmp_path / "services" / "mine.toml").write_text(shipped.read_text().replace("gpt-oss-120b", "gpt-oss-121b", 2))
    with pytest.raises(CatalogError, match="gpt-oss-121b"):
        check_catalog(load_catalog([tmp_path]), ["services"])
