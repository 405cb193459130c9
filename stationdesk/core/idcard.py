"""Numbers of papers: identity card (GB 11643), disability certificate, social credit code (GB 32100)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from stationdesk.core.errors import UserError
from stationdesk.core.text import full_to_half
from stationdesk.core.vocab.choice import Choice, captioned, choice
from stationdesk.core.vocab.people import Sex


@captioned("号码问题")
class Fault(Choice):
    """What is wrong with a number; the label is the sentence for the worker."""

    LENGTH = choice("length", "身份证号应为 18 位，现在是 {count} 位。请对照证件核对。")
    CHARACTERS = choice("characters", "身份证号只能是数字，最后一位可以是 X。请对照证件核对。")
    DATE = choice("date", "身份证号里的出生日期 {birth} 不存在。请对照证件核对。")
    FUTURE = choice("future", "身份证号里的出生日期 {birth} 晚于今天。请对照证件核对。")
    CHECK_DIGIT = choice("check_digit", "身份证号的校验位不对，可能输错了一位。请对照证件核对。")
    DAMAGED = choice("damaged", "号码末尾已被表格软件改成 0 或小数，原号码找不回来了。请对照证件重新填写。")
    CERTIFICATE_LENGTH = choice(
        "certificate_length", "残疾人证号应为 20 位，现在是 {count} 位。请对照证件核对。"
    )
    CERTIFICATE_KIND = choice(
        "certificate_kind", "残疾人证号第 19 位是类别（1 至 7），第 20 位是等级（1 至 4）。请核对。"
    )
    CREDIT_LENGTH = choice("credit_length", "统一社会信用代码应为 18 位，现在是 {count} 位。请对照证书核对。")
    CREDIT_CHARACTERS = choice(
        "credit_characters", "统一社会信用代码只用数字和大写字母，不用 I、O、S、V、Z。请核对。"
    )
    CREDIT_CHECK = choice("credit_check", "统一社会信用代码的校验位不对，可能输错了一位。请对照证书核对。")


class NumberError(UserError, ValueError):
    """A number that cannot be right; `fault` says in which way."""

    def __init__(self, fault: Fault, /, **values: object) -> None:
        super().__init__(fault.label, **values)
        self.fault = fault


@dataclass(frozen=True)
class IdCard:
    """What an identity number tells: 18 characters, sex, date of birth, and the area that issued it first."""

    number: str
    sex: Sex
    birth_date: date
    area: str
    """Six digits of GB/T 2260. Codes were abolished and re-used, so a place name is never derived from it."""

    @property
    def is_residence_permit(self) -> bool:
        """Whether it is the residence permit of a person from Hong Kong, Macao or Taiwan."""
        return self.area[:2] in {"81", "82", "83"}


@dataclass(frozen=True)
class DisabilityCertificate:
    """What the number of a disability certificate tells."""

    id_card: IdCard
    kind: str
    """1 sight, 2 hearing, 3 speech, 4 limbs, 5 intellect, 6 mind, 7 several."""
    grade: str
    """1 (gravest) to 4."""
    suffix: str
    """B1 and the like on a card that was issued again; otherwise empty."""


_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"
_CENTENARIANS = frozenset({"996", "997", "998", "999"})
_EARLIEST = date(1800, 1, 1)  # the standard's own example was born in 1880; before that it is a slip

_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?E\+?\d{1,2}")
_FLOAT = re.compile(r"\d{6,}\.0*")
_CREDIT_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def normalise(text: str) -> str:
    """A card number as it should stand: half width, no blanks, hyphens or apostrophe, upper-case X."""
    if text.isascii() and text.isalnum():
        return text.upper()
    half = full_to_half(text).strip("'‘’`").upper()
    return "".join("X" if sign == "×" else sign for sign in half if sign.isprintable() and sign != "-")


def check_digit(first17: str) -> str:
    """The 18th character for the first 17 digits (GB 11643-1999, ISO 7064 MOD 11-2)."""
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, first17, strict=True))
    return _CHECK_DIGITS[total % 11]


def check_id(text: str, today: date) -> IdCard:
    """Check an identity number of 18 or 15 digits; NumberError says what is wrong.

    The number comes back normalised, with 18 characters. Any six-digit area passes, residence permits
    (81, 82, 83) too: lists of areas are never complete.
    """
    number = normalise(text)
    if looks_damaged(number):
        raise NumberError(Fault.DAMAGED)
    if len(number) == 15 and _is_digits(number):
        number = upgrade(number)
    if len(number) != 18:
        raise NumberError(Fault.LENGTH, count=len(number))
    if not _is_digits(number[:17]) or number[17] not in "0123456789X":
        raise NumberError(Fault.CHARACTERS)
    birth = _birth_date(number, today)
    if check_digit(number[:17]) != number[17]:
        raise NumberError(Fault.CHECK_DIGIT)
    sex = Sex.MALE if int(number[16]) % 2 else Sex.FEMALE
    return IdCard(number=number, sex=sex, birth_date=birth, area=number[:6])


def upgrade(old: str) -> str:
    """The 18 characters of a first-generation number of 15 digits.

    The century is 19, or 18 where the sequence is one of those once kept for centenarians (996 to 999).
    """
    century = "18" if old[12:15] in _CENTENARIANS else "19"
    first17 = old[:6] + century + old[6:]
    return first17 + check_digit(first17)


def looks_damaged(text: str) -> bool:
    """Whether a spreadsheet has eaten the tail of the number; it holds 15 digits and makes the rest zeros.

    True for 4.1E+17, for 410100199001010000.0, and for 18 digits that end in 000 without that being right.
    One eaten number in eleven has a check digit that happens to fit: where one number of a column looks
    damaged, `ends_in_zeros` finds its neighbours.
    """
    number = normalise(text)
    if _SCIENTIFIC.fullmatch(number) or _FLOAT.fullmatch(number):
        return True
    return ends_in_zeros(number) and check_digit(number[:17]) != number[17]


def ends_in_zeros(text: str) -> bool:
    """Whether everything behind the 15th of 18 to 20 digits is zero, as a spreadsheet leaves it."""
    number = normalise(text)
    return 18 <= len(number) <= 20 and _is_digits(number) and not number[15:].strip("0")


def check_disability_certificate(text: str, today: date) -> DisabilityCertificate:
    """Check a disability certificate: identity number, kind, grade, perhaps a suffix such as B1."""
    number = normalise(text)
    if looks_damaged(number):
        raise NumberError(Fault.DAMAGED)
    body, suffix = number[:20], number[20:]
    if len(body) < 20 or (suffix and not re.fullmatch(r"B\d{1,2}", suffix)):
        raise NumberError(Fault.CERTIFICATE_LENGTH, count=len(number))
    if body[18] not in "1234567" or body[19] not in "1234":
        raise NumberError(Fault.CERTIFICATE_KIND)
    return DisabilityCertificate(check_id(body[:18], today), body[18], body[19], suffix)


def check_credit_code(text: str) -> str:
    """Check a unified social credit code (GB 32100-2015) and return it normalised; NumberError when wrong."""
    code = normalise(text)
    if looks_damaged_credit_code(code):
        raise NumberError(Fault.DAMAGED)
    if len(code) != 18:
        raise NumberError(Fault.CREDIT_LENGTH, count=len(code))
    if any(sign not in _CREDIT_SIGNS for sign in code):
        raise NumberError(Fault.CREDIT_CHARACTERS)
    total = sum(_CREDIT_SIGNS.index(sign) * pow(3, place, 31) for place, sign in enumerate(code[:17]))
    if _CREDIT_SIGNS[-total % 31] != code[17]:
        raise NumberError(Fault.CREDIT_CHECK)
    return code


def looks_damaged_credit_code(text: str) -> bool:
    """Whether a spreadsheet took a credit code of digits only for a number."""
    code = normalise(text)
    return bool(_SCIENTIFIC.fullmatch(code) or _FLOAT.fullmatch(code))


def _birth_date(number: str, today: date) -> date:
    written = f"{number[6:10]}-{number[10:12]}-{number[12:14]}"
    try:
        birth = date.fromisoformat(written)
    except ValueError:
        raise NumberError(Fault.DATE, birth=written) from None
    if birth > today:
        raise NumberError(Fault.FUTURE, birth=written)
    if birth < _EARLIEST:
        raise NumberError(Fault.DATE, birth=written)
    return birth


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()
