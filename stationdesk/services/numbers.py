"""Human numbers: a sign and a running number (医-07, 需-0012), never used again."""

from __future__ import annotations

import re

from stationdesk.db.writing import Work

SIGNS = {"household": "户", "person": "人", "need": "需", "match": "接", "visit": "访"}
"""What the numbers of a kind of record begin with; a resource's begin with the letter of its class."""

_DIGITS = {"resource": 2}
_NUMBER = re.compile(r"(?P<sign>\D+)-(?P<number>\d{1,9})")  # a longer one is somebody else's


def next_number(work: Work, record: str, sign: str = "") -> str:
    """The next number of a kind of record, or of one class of resources."""
    sign = sign or SIGNS[record]
    return f"{sign}-{work.take_number(sign):0{_DIGITS.get(record, 4)}d}"


def next_numbers(work: Work, record: str, count: int, sign: str = "") -> list[str]:
    """The next `count` numbers at once, for an import."""
    sign = sign or SIGNS[record]
    first = work.take_number(sign)
    work.keep_number(sign, first + count - 1)
    return [f"{sign}-{number:0{_DIGITS.get(record, 4)}d}" for number in range(first, first + count)]


def keep_number(work: Work, code: str) -> None:
    """A number that came from elsewhere: where it is one of ours, its series goes on behind it."""
    match = _NUMBER.fullmatch(code)
    if match is not None:
        work.keep_number(match["sign"], int(match["number"]))
