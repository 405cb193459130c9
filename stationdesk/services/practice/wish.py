"""How a line of the tables of needs is written."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wish:
    """One kind of need: its item, whose it may be, how often, how urgent, and how it is written down.

    `urgency` are four weights (24 hours, 7 days, 30 days, long term); `{age}` `{ill}` `{village}` `{grade}` in
    the texts are filled in. `who` names a rule of `needs`; `money` is the usual span in yuan.
    """

    item: str
    who: str
    weight: int
    urgency: str
    texts: tuple[str, ...]
    mzt: str
    bradshaw: str = "N2"
    money: tuple[int, int] = (0, 0)
    quantity: str = ""
