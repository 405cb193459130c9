"""What of a personal value may be seen by somebody who has no business with the whole of it.

Each mask takes the text as shown and returns the text to show instead. A masked identity number must not
stand beside the date of birth: together they leave few candidates.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from stationdesk.core.clock import age
from stationdesk.core.idcard import normalise
from stationdesk.core.surnames import surname
from stationdesk.core.text import digits

HIDDEN = "*"


def mask_name(name: str) -> str:
    """张三 -> 张*, 欧阳小明 -> 欧阳*; one star, so that the length is not told either."""
    name = name.strip()
    return surname(name) + HIDDEN if name else ""


def mask_words(text: str) -> str:
    """The first sign of whatever it is, and one star: what the station writes itself has no form to go by."""
    text = text.strip()
    return text[0] + HIDDEN if text else ""


def mask_minor_name(name: str) -> str:
    """The name of a minor gives way to a made-up one that tells nothing of it."""
    return "小X（化名）" if name.strip() else ""


def mask_id(number: str) -> str:
    """First three and last two: 110*************2X; of a disability certificate, whose end tells, no end."""
    number = normalise(number)
    if len(number) > 18:
        return _starred(number, first=3, last=0)
    return _starred(number, first=3, last=2) if len(number) >= 15 else HIDDEN * len(number)


def mask_phone(text: str) -> str:
    """138****1234; a land line keeps area code and last two: 0718-*****22. Words beside it are dropped."""
    numbers = [digits(piece) for piece in _PHONE.findall(unicodedata.normalize("NFKC", text))]
    return "、".join(_masked_phone(number) for number in numbers)


def mask_bank(number: str) -> str:
    """Only the last four digits of an account."""
    number = normalise(number)
    return _starred(number, first=0, last=4) if len(number) > 8 else HIDDEN * len(number)


def mask_address(address: str) -> str:
    """An address up to village and group (桃花村3组); without a village up to the township or county."""
    flat = "".join(unicodedata.normalize("NFKC", address).split())
    flat = _HOUSE.split(flat, maxsplit=1)[0]
    for pattern in (_VILLAGE, _TOWNSHIP, _COUNTY):
        match = pattern.match(flat)
        if match is not None:
            return match[0]
    return HIDDEN if flat or address.strip() else ""


def mask_birth(text: str) -> str:
    """A date of birth as its year alone: 1949-12-31 -> 1949年."""
    match = re.match(r"\s*(\d{4})", text)
    if match is None:
        return HIDDEN if text.strip() else ""
    return f"{match[1]}年"


def age_band(birth: date, on: date) -> str:
    """The age as a band, for lists where even the year tells too much."""
    years = age(birth, on)
    for limit, band in _BANDS:
        if years < limit:
            return band
    return "80岁及以上"


_BANDS = (
    (7, "0至6岁"),
    (14, "7至13岁"),
    (18, "14至17岁"),
    (60, "18至59岁"),
    (70, "60至69岁"),
    (80, "70至79岁"),
)

# A mobile number, or any number with the blanks, hyphens and brackets people put into it.
_PHONE = re.compile(r"(?:(?:\+|00)?86[ -]?)?(?<!\d)1\d\d[ -]?\d{4}[ -]?\d{4}(?!\d)|\+?\(?\d[\d \-().]*\d|\d")

_HOUSE = re.compile("[0-9]+(?:号|栋|幢|座|单元|室|楼|弄|巷|门)|[一二三四五六七八九十百]+(?:号|栋|幢|单元)")
_GROUP = "(?:第?[0-9〇零一二三四五六七八九十百]+(?:村民)?(?:小?组|队|社))?"
_TOWN = "(?:街道|镇|乡|苏木)"
# Villages are looked for behind the township, which may have 村 in its own name (新村镇桃花村).
_VILLAGE = re.compile(
    f"(?:.+?{_TOWN})?.+?(?:村民委员会|居民委员会|村委会|居委会|社区|村|屯|嘎查)(?:委会)?{_GROUP}"
)
_TOWNSHIP = re.compile(f".+?{_TOWN}{_GROUP}")
_COUNTY = re.compile(".+?(?:县|区|旗|市|州|盟|省)")


def _starred(text: str, first: int, last: int) -> str:
    return text[:first] + HIDDEN * (len(text) - first - last) + (text[-last:] if last else "")


def _masked_phone(number: str) -> str:
    if len(number) in {13, 15} and number.startswith(("86", "0086")):
        number = number[-11:]
    if len(number) == 11 and number.startswith("1"):
        return _starred(number, first=3, last=4)
    if len(number) < 7:
        return HIDDEN * len(number)
    area = re.match(r"0(?:10|2\d|[3-9]\d\d)|[48]00", number)
    if area is None or len(number) - area.end() < 7:
        return _starred(number, first=0, last=2)
    return f"{area[0]}-{_starred(number[area.end() :], first=0, last=2)}"
