"""Compare: a list that somebody else keeps beside ours, both ways, without writing anything."""

from stationdesk.services.compare.comparing import compare
from stationdesk.services.compare.grounds import ground_named, ground_of
from stationdesk.services.compare.results import Comparison, Difference, OnlyHere, OnlyThere, Pair, Unclear
from stationdesk.services.compare.saving import save_comparison

__all__ = [
    "Comparison",
    "Difference",
    "OnlyHere",
    "OnlyThere",
    "Pair",
    "Unclear",
    "compare",
    "ground_named",
    "ground_of",
    "save_comparison",
]
