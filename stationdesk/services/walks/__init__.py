"""Community walks (社区行走): photos and tracks from phones become drafts in the resource library.

    sight = look(store, paths)                      # what the files are; nothing is written
    take_in(store, sight, plan)                     # the walk, its photos and its drafts, in one step

A draft is a resource with a place and a photo and little else: it is matched with nobody and printed nowhere until
somebody says what it is.
"""

from stationdesk.services.walks.kept import WalkLine, remove_walk, walks_of
from stationdesk.services.walks.sight import ENDINGS, MOST_PHOTOS, WalkPlace, WalkSight, look
from stationdesk.services.walks.squares import squares_covered
from stationdesk.services.walks.taking import Fate, WalkPlan, name_of, proposed, take_in

__all__ = [
    "ENDINGS",
    "MOST_PHOTOS",
    "Fate",
    "WalkLine",
    "WalkPlace",
    "WalkPlan",
    "WalkSight",
    "look",
    "name_of",
    "proposed",
    "remove_walk",
    "squares_covered",
    "take_in",
    "walks_of",
]
