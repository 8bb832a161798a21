"""Network: where the members of a group sit, and how long a collective over them takes. Pure functions over columns."""

from tenfold.performance.network.collectives import (
    Links,
    all_gather_s,
    all_reduce_s,
    all_to_all_s,
    members_met,
    send_s,
)
from tenfold.performance.network.placement import Group, group_of, scaleup_share

__all__ = [
    "Group",
    "Links",
    "all_gather_s",
    "all_reduce_s",
    "all_to_all_s",
    "group_of",
    "members_met",
    "scaleup_share",
    "send_s",
]
