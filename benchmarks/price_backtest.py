"""How well price paths foretell listings: ``uv run python benchmarks/price_backtest.py``.

Every rival on every count of months left out, for each term of the shipped price history; terms whose listings never
moved are named.
"""

from __future__ import annotations

from tenfold.catalog import RENTAL_TERMS, load_catalog
from tenfold.economics.price_fit import fit_price_paths
from tenfold.validation.prices.backtest import backtest
from tenfold.validation.prices.histories import price_histories

MONTHS = (6, 12, 18, 24, 30)


def main() -> None:
    """Print the scores."""
    catalog = load_catalog()
    for term in RENTAL_TERMS:
        histories = price_histories(catalog, term)
        fit = fit_price_paths(histories)
        if fit is None:
            print(f"{term}: {len(histories)} histories, too few changes to fit")
            continue
        print(
            f"{term}: {fit.steps} changes of {len(histories)} chips; κ {fit.reversion_per_year:.2f} ± "
            f"{fit.reversion_error:.2f}, σ {fit.volatility_per_sqrt_year:.3f} ± {fit.volatility_error:.3f}, "
            f"δ {fit.decline_per_year:.3f} ± {fit.decline_error:.3f} a year"
        )
        for months in MONTHS:
            for score in backtest(histories, months):
                print(
                    f"  last {months:2} months: {score.rival:<10} n {score.forecasts:3}  median error "
                    f"{score.median_error:6.1%}  mean {score.mean_error:6.1%}  in P10–P90 {score.coverage:4.0%}  "
                    f"P90/P10 {score.median_width:.2f}"
                )


if __name__ == "__main__":
    main()
