"""How a line of the resource tables is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

MARKET_DAYS = "农历逢五逢十（初五、初十、十五、二十、廿五、三十）集日"


@dataclass(frozen=True, slots=True)
class Offer:
    """One resource. `{v}` in the name stands for the village, `{n}` for an invented person.

    `items` and `groups` are codes joined by blanks, `room` is like `20 人 at_a_time`, `where` a street of the
    township seat or the name of a village; `part` holds the fields of the typed part.
    """

    name: str
    letter: str
    sub: str
    text: str
    items: str
    hours: str = ""
    room: str = ""
    where: str = ""
    groups: str = ""
    title: str = ""
    ages: tuple[int | None, int | None] = (None, None)
    fee: str = ""
    second: str = ""
    part: Mapping[str, Any] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)
    villages: tuple[int, ...] = ()
