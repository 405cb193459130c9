"""Numbers that cannot be anybody's, yet look right: cards, phones, credit codes."""

from __future__ import annotations

from datetime import date

from stationdesk.core.idcard import check_digit
from stationdesk.services.practice.dice import Dice

AREA = "999999"
"""No place has this code in GB/T 2260, so no card bears it."""
MOBILE = "1540000"
"""154 has not been allotted to any operator in China; seven digits fixed keep all numbers in one block."""
LANDLINE = "0600-7"
"""No place in China has the dialling code 0600."""
_CREDIT_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


class Numbers:
    """Gives each number once."""

    def __init__(self, dice: Dice) -> None:
        self._dice = dice
        self._taken: set[str] = set()

    def card(self, birth: date, *, man: bool) -> str:
        """An ID number with a right check digit (GB 11643); 996 to 999 stay with the centenarians."""
        while True:
            order = 2 * self._dice.whole(1, 497) + man
            first17 = f"{AREA}{birth:%Y%m%d}{order:03d}"
            if first17 not in self._taken:
                self._taken.add(first17)
                return first17 + check_digit(first17)

    def mobile(self) -> str:
        """A mobile number."""
        return self._once(MOBILE, 4)

    def landline(self) -> str:
        """A number of the township's exchange."""
        return self._once(LANDLINE, 6)

    def credit_code(self) -> str:
        """A unified social credit code (GB 32100) whose area no place has."""
        first = f"52{AREA}MJ{self._dice.whole(1000000, 9999999)}"
        total = sum(_CREDIT_SIGNS.index(sign) * pow(3, place, 31) for place, sign in enumerate(first))
        return first + _CREDIT_SIGNS[-total % 31]

    def _once(self, start: str, digits: int) -> str:
        while True:
            number = f"{start}{self._dice.whole(0, 10**digits - 1):0{digits}d}"
            if number not in self._taken:
                self._taken.add(number)
                return number
