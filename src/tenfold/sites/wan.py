"""Fibre between sites: latency, transfers, all-reduces, what of them stays exposed.

One way, light in fibre takes n/c = 1.468/299,792 km/s = 4.9 µs for a kilometre (group index of ITU-T G.652 fibre).
Distances over land are great circles on a sphere of 6,371 km; fibre follows roads and rails, so its length is the great
circle times a route factor. Equipment on the way adds to the latency and is left out. A transfer takes its bytes over
the bandwidth plus the latency, so it holds for streams that keep the link full (many flows, large windows).
All-reduce: Charles et al., arXiv:2503.09799, appendix A.2, from Patarasu and Yuan, doi:10.1016/j.jpdc.2008.09.002.
"""

from __future__ import annotations

import numpy as np

from tenfold.quantities import Column, Floats

FIBRE_S_PER_KM = 1.468 / 299_792.458
"""One way."""
EARTH_RADIUS_KM = 6371.0


def great_circle_km(
    latitude_deg: Column, longitude_deg: Column, other_latitude_deg: Column, other_longitude_deg: Column
) -> Column:
    """Distance on the sphere, km, by the haversine: 2R·asin √(sin²(Δφ/2) + cos φ₁ cos φ₂ sin²(Δλ/2)).

    Within 0.6 % of the ellipsoid. Broadcasts; raises nothing.
    """
    first, second = np.radians(latitude_deg), np.radians(other_latitude_deg)
    across = np.radians(np.subtract(other_longitude_deg, longitude_deg))
    half = np.sin((second - first) / 2.0) ** 2 + np.cos(first) * np.cos(second) * np.sin(across / 2.0) ** 2
    return np.asarray(2.0 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0))))


def latency_s(fibre_km: Column, s_per_km: Column = FIBRE_S_PER_KM) -> Column:
    """One-way latency of a fibre, s: length × time for a kilometre. Broadcasts; raises nothing."""
    return np.multiply(fibre_km, s_per_km)


def round_trip_s(fibre_km: Column, s_per_km: Column = FIBRE_S_PER_KM) -> Column:
    """Latency there and back, s. Broadcasts; raises nothing."""
    return 2.0 * np.asarray(latency_s(fibre_km, s_per_km))


def transfer_s(sent_bytes: Column, bytes_per_s: Column, latency_s: Column = 0.0) -> Column:
    """Time to send bytes one way, s: bytes/W + latency. Broadcasts; infinite where nothing can be sent."""
    with np.errstate(divide="ignore"):
        return np.divide(sent_bytes, bytes_per_s) + latency_s


def all_reduce_bytes(reduced_bytes: Column, members: Column) -> Column:
    """Bytes that each member sends, and receives, in the shortest all-reduce: 2·bytes·(1 − 1/R). Broadcasts."""
    return 2.0 * np.asarray(reduced_bytes) * (1.0 - 1.0 / np.asarray(members))


def all_reduce_s(reduced_bytes: Column, bytes_per_s: Column, members: Column, latency_s: Column = 0.0) -> Column:
    """Time of a ring all-reduce among R members, s: 2·bytes/W·(1 − 1/R) + 2(R − 1)·latency.

    ``bytes_per_s`` is the bandwidth of one member in one direction, ``latency_s`` one way of a hop: two members pay one
    round trip. Zero for one member. Broadcasts; infinite where nothing can be sent; raises nothing.
    """
    hops = 2.0 * (np.asarray(members) - 1.0)
    return transfer_s(all_reduce_bytes(reduced_bytes, members), bytes_per_s, hops * np.asarray(latency_s))


def exposed_s(sending_s: Column, waiting_s: Column, window_s: Column, pieces: Column = 1.0) -> Column:
    """Time of a collective that does not hide behind a window of compute, s.

    max(sending/pieces, sending − window·(1 − 1/pieces)) + waiting. It is sent in equal pieces as they become ready: the
    last one at the end of the window, so that it hides behind nothing, nor does its latency, which is ``waiting_s``.
    Broadcasts; raises nothing. Holds for pieces that come at an even pace.
    """
    last = np.divide(sending_s, pieces)
    behind = np.subtract(sending_s, np.multiply(window_s, 1.0 - 1.0 / np.asarray(pieces)))
    return np.maximum(last, behind) + waiting_s


def wan_loss_share(share_at_1000_km: Column, fibre_km: Column) -> Floats:
    """Share of a step that runs between sites lost beyond latency, bandwidth and stragglers: s·(1 − e^(−d))/(1 − 1/e).

    d is the fibre in 1,000 km: jitter, loss and shared routes grow with distance at first, and runs over continents
    lose little more than runs over a country. Fitted to 97–99 % of one site's speed over 500 km (China Telecom), 96 %
    over 1,000 km (Nemotron-4 340B), 96 % within the United States (INTELLECT-1), 90–95 % over two continents
    (OpenDiLoCo). Broadcasts; raises nothing.
    """
    far = -np.expm1(-np.asarray(fibre_km, dtype=np.float64) / 1000.0)
    return np.asarray(np.multiply(share_at_1000_km, far / -np.expm1(-1.0)))
