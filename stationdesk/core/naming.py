"""What a file that leaves the station is called: whose, what, of when, for whom, in this order everywhere.

    柳河镇社工站_服务对象花名册_2026-10_内部.xlsx

The names are Chinese in every language of the window, as the paper is, and sort by kind and then by time.
"""

from __future__ import annotations

from stationdesk.core.files import safe_file_name
from stationdesk.core.vocab import Audience

_STATION = "社工站"
_LONGEST = 40
"""Characters of what is said, so that the date and the audience behind it are never cut off."""
_SHORT = {Audience.INTERNAL: "内部", Audience.REPORT: "上报", Audience.PUBLIC: "公示"}


def file_name(
    town: str, what: str, when: str, audience: Audience | None, ending: str, *, more: str = ""
) -> str:
    """The name of a file, safe on every system.

    `when` is a month or a day as `2026-10`; `more` says which part of the whole it is, such as a village. Parts that
    are empty are left out; `audience` None is for what anybody may see.
    """
    whose = town if town.endswith(_STATION) else f"{town}{_STATION}"
    whom = _SHORT[audience] if audience is not None else ""
    parts = (whose[:_LONGEST], what[:_LONGEST], more[:_LONGEST], when, whom)
    return safe_file_name("_".join(part.replace("_", "-") for part in parts if part) + ending)
